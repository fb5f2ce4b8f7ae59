# See TPROXY.t.
*nat
:POSTROUTING
4: -j SNAT --to-source 10.0.0.1;=;OK
4: -j SNAT --to-source 10.0.0.1-10.0.0.9;=;OK
46: -p tcp -j SNAT --to-source :80;=;OK
46: -p udp -j SNAT --to-source :1024-65535;=;OK
46: -p tcp -j SNAT --to-source :http;-p tcp -j SNAT --to-source :80;OK
46: -p icmp -j SNAT --to-source :80;=;OK
4: -p tcp -j SNAT --to-source 10.0.0.1:80;=;OK
4: -p tcp -j SNAT --to-source 10.0.0.1-10.0.0.9:80-90;=;OK
4: -j SNAT --to-source 10.0.0.1 --random;=;OK
4: -j SNAT --to-source 10.0.0.1 --random-fully;=;OK
4: -j SNAT --to-source 10.0.0.1 --persistent;=;OK
46: -p tcp -j SNAT --to-source :80 --random --random-fully --persistent;=;OK
46: -p tcp -j SNAT --persistent --random-fully --random --to :80;-p tcp -j SNAT --to-source :80 --random --random-fully --persistent;OK
46: -j SNAT --to-source :80 -p tcp;-p tcp -j SNAT --to-source :80;OK
6: -j SNAT --to-source 2001:db8::1;=;OK
6: -j SNAT --to-source 2001:db8::1-2001:db8::9 --persistent;=;OK
6: -p tcp -j SNAT --to-source [2001:db8::1]:80;=;OK
6: -p tcp -j SNAT --to-source [2001:db8::1-2001:db8::9]:80-90 --random-fully;=;OK
6: -p tcp -j SNAT --to-source []:80;-p tcp -j SNAT --to-source :80;OK
46: -j SNAT;;FAIL;SNAT: option "--to-source" must be specified
46: -j SNAT --to-source :80;;FAIL;SNAT: a port in --to-source needs -p tcp, udp, sctp or dccp in the same rule
46: -p tcp -j SNAT --to-source :5000-5010/6000;;FAIL;SNAT: --to-source ":5000-5010/6000": only DNAT can shift ports by a base port
46: -p tcp -j SNAT --to-source :90-80;;FAIL;the port range is turned round; the lower port goes first
46: -p tcp -j SNAT --to-source :0;;FAIL;nothing can have port 0; a port is 1 to 65535
4: -j SNAT --to-source 10.0.0.9-10.0.0.1;;FAIL;the range is turned round; the lower address goes first
4: -j SNAT --to-source 2001:db8::1;;FAIL;SNAT: --to-source "2001:db8::1": this is an IPv6 address; give an IPv4 one, or use ip6tables
6: -j SNAT --to-source 10.0.0.1;;FAIL;SNAT: --to-source "10.0.0.1": this is an IPv4 address; give an IPv6 one, or use iptables
46: -p tcp -j SNAT --to-source :80:90;;FAIL;a port range is written with a dash, not a colon
