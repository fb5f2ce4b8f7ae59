# 4, 6 or 46: OPTIONS;what -S shows of them, or = when that is the same;OK or FAIL;part of the error
*mangle
:PREROUTING
4: -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;=;OK
6: -p tcp -j TPROXY --on-port 80 --on-ip :: --tproxy-mark 0x0/0x0;=;OK
4: -p udp -j TPROXY --on-port 80;-p udp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
6: -p udp -j TPROXY --on-port 80;-p udp -j TPROXY --on-port 80 --on-ip :: --tproxy-mark 0x0/0x0;OK
4: -p tcp -j TPROXY --on-port 0;-p tcp -j TPROXY --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
4: -p tcp -j TPROXY --on-port 65535 --on-ip 10.0.0.1;-p tcp -j TPROXY --on-port 65535 --on-ip 10.0.0.1 --tproxy-mark 0x0/0x0;OK
4: -p tcp -j TPROXY --on-port http;-p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
4: -p tcp -j TPROXY --on-port 0080;-p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
4: -p tcp -j TPROXY --on-port 80 --on-ip localhost;-p tcp -j TPROXY --on-port 80 --on-ip 127.0.0.1 --tproxy-mark 0x0/0x0;OK
6: -p tcp -j TPROXY --on-port 80 --on-ip 2001:DB8:0::1;-p tcp -j TPROXY --on-port 80 --on-ip 2001:db8::1 --tproxy-mark 0x0/0x0;OK
6: -p tcp -j TPROXY --on-port 80 --on-ip ::ffff:1.2.3.4;-p tcp -j TPROXY --on-port 80 --on-ip ::ffff:1.2.3.4 --tproxy-mark 0x0/0x0;OK
4: -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1;=;OK
6: -p tcp -j TPROXY --on-port 80 --on-ip 2001:db8::1 --tproxy-mark 0xffffffff/0xf0f0f0f0;=;OK
4: -p tcp -j TPROXY --on-port 80 --tproxy-mark 7;-p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x7/0xffffffff;OK
6: -p tcp -j TPROXY --on-port 80 --tproxy-mark 0x10/1;-p tcp -j TPROXY --on-port 80 --on-ip :: --tproxy-mark 0x10/0x1;OK
4: -p tcp -j TPROXY --tproxy-mark 0x2/0x3 --on-ip 10.0.0.1 --on-port 81;-p tcp -j TPROXY --on-port 81 --on-ip 10.0.0.1 --tproxy-mark 0x2/0x3;OK
4: -j TPROXY --on-port 80 -p udp;-p udp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
6: -j TPROXY --on-port 80 -p tcp;-p tcp -j TPROXY --on-port 80 --on-ip :: --tproxy-mark 0x0/0x0;OK
46: -p tcp -j TPROXY;;FAIL;TPROXY: option "--on-port" must be specified
46: -j TPROXY --on-port 80;;FAIL;TPROXY needs -p tcp or -p udp in the same rule
46: -p all -j TPROXY --on-port 80;;FAIL;TPROXY needs -p tcp or -p udp in the same rule
46: -p sctp -j TPROXY --on-port 80;;FAIL;TPROXY needs -p tcp or -p udp in the same rule
46: -j TPROXY --on-port 80 -p udplite;;FAIL;TPROXY needs -p tcp or -p udp in the same rule
46: ! -p tcp -j TPROXY --on-port 80;;FAIL;TPROXY needs -p tcp or -p udp in the same rule, without "!"
46: -p tcp -j TPROXY --on-port 65536;;FAIL;TPROXY: --on-port "65536": a port is a number from 0 to 65535
46: -p tcp -j TPROXY --on-port 99999999999999999999;;FAIL;a port is a number from 0 to 65535
46: -p tcp -j TPROXY --on-port 80-90;;FAIL;TPROXY: --on-port "80-90": a port is a number from 0 to 65535
46: -p tcp -j TPROXY --on-port -1;;FAIL;--on-port
46: -p tcp -j TPROXY --on-port no-such-service;;FAIL;a port is a number from 0 to 65535 or a service's name
4: -p tcp -j TPROXY --on-port 80 --on-ip 2001:db8::1;;FAIL;TPROXY: --on-ip "2001:db8::1": this is an IPv6 address; give an IPv4 one, or use ip6tables
6: -p tcp -j TPROXY --on-port 80 --on-ip 10.0.0.1;;FAIL;TPROXY: --on-ip "10.0.0.1": this is an IPv4 address; give an IPv6 one, or use iptables
6: -p tcp -j TPROXY --on-port 80 --on-ip [2001:db8::1];;FAIL;one address is needed, without brackets
4: -p tcp -j TPROXY --on-port 80 --on-ip 10.0.0.1/24;;FAIL;one address is needed
4: -p tcp -j TPROXY --on-port 80 --on-ip 10.0.0.1-10.0.0.2;;FAIL;one address is needed
46: -p tcp -j TPROXY --on-port 80 --tproxy-mark x;;FAIL;--tproxy-mark
46: -p tcp -j TPROXY --on-port 80 --tproxy-mark 1/;;FAIL;--tproxy-mark
46: -p tcp -j TPROXY --on-port 80 --tproxy-mark 0x100000000;;FAIL;--tproxy-mark
46: -p tcp -j TPROXY --on-port 80 --on-port 81;;FAIL;can only be used once
46: -p tcp -j TPROXY ! --on-port 80;;FAIL;cannot be inverted
