# See TPROXY.t.
*nat
:PREROUTING
4: -j DNAT --to-destination 10.0.0.1;=;OK
4: -j DNAT --to-destination 10.0.0.1-10.0.0.9;=;OK
4: -j DNAT --to-destination 10.0.0.1-10.0.0.1;-j DNAT --to-destination 10.0.0.1;OK
4: -j DNAT --to-destination 0.0.0.0;=;OK
46: -p tcp -j DNAT --to-destination :80;=;OK
46: -p udp -j DNAT --to-destination :80-90;=;OK
46: -p sctp -j DNAT --to-destination :80;=;OK
46: -p dccp -j DNAT --to-destination :80;=;OK
46: -p icmp -j DNAT --to-destination :80;=;OK
46: ! -p tcp -j DNAT --to-destination :80;=;OK
46: -p tcp -j DNAT --to-destination :0-65535;=;OK
46: -p tcp -j DNAT --to-destination :1;=;OK
46: -p tcp -j DNAT --to-destination :65535;=;OK
46: -p tcp -j DNAT --to-destination :80-80;-p tcp -j DNAT --to-destination :80;OK
46: -p tcp -j DNAT --to-destination :0x50;-p tcp -j DNAT --to-destination :80;OK
46: -p tcp -j DNAT --to-destination :http;-p tcp -j DNAT --to-destination :80;OK
46: -p tcp -j DNAT --to-destination :ftp-data;-p tcp -j DNAT --to-destination :20;OK
46: -p tcp -j DNAT --to-destination :syslog;-p tcp -j DNAT --to-destination :514;OK
4: -p tcp -j DNAT --to-destination 10.0.0.1:80;=;OK
4: -p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.9:80-90;=;OK
4: -p tcp -j DNAT --to-destination 10.0.0.1:http;-p tcp -j DNAT --to-destination 10.0.0.1:80;OK
4: -p tcp -j DNAT --to-destination 10.0.0.1:5000-5010/6000;=;OK
4: -p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.9:5000-5010/6000;=;OK
46: -p tcp -j DNAT --to-destination :5000-5010/6000;=;OK
46: -p tcp -j DNAT --to-destination :5000-5010/http;-p tcp -j DNAT --to-destination :5000-5010/80;OK
46: -p udp -j DNAT --to-destination :5000-5010/65535 --random --persistent;=;OK
4: -j DNAT --to-destination 10.0.0.1 --random;=;OK
4: -j DNAT --to-destination 10.0.0.1 --persistent;=;OK
4: -p tcp -j DNAT --persistent --random --to-destination 10.0.0.1:80;-p tcp -j DNAT --to-destination 10.0.0.1:80 --random --persistent;OK
46: -p tcp -j DNAT --to :80;-p tcp -j DNAT --to-destination :80;OK
46: -j DNAT --to-destination :80 -p tcp;-p tcp -j DNAT --to-destination :80;OK
6: -j DNAT --to-destination 2001:db8::1;=;OK
6: -j DNAT --to-destination 2001:db8::1-2001:db8::9;=;OK
6: -j DNAT --to-destination [2001:db8::1];-j DNAT --to-destination 2001:db8::1;OK
6: -j DNAT --to-destination [2001:db8::1-2001:db8::9];-j DNAT --to-destination 2001:db8::1-2001:db8::9;OK
6: -j DNAT --to-destination 2001:DB8:0:0::1;-j DNAT --to-destination 2001:db8::1;OK
6: -j DNAT --to-destination ::ffff:1.2.3.4;=;OK
6: -j DNAT --to-destination ::;=;OK
6: -j DNAT --to-destination ::80;=;OK
6: -p tcp -j DNAT --to-destination [2001:db8::1]:80;=;OK
6: -p tcp -j DNAT --to-destination [2001:db8::1-2001:db8::9]:80-90;=;OK
6: -p tcp -j DNAT --to-destination [2001:db8::1]:http;-p tcp -j DNAT --to-destination [2001:db8::1]:80;OK
6: -p tcp -j DNAT --to-destination [2001:db8::1-2001:db8::9]:5000-5010/6000;=;OK
6: -p tcp -j DNAT --to-destination []:80;-p tcp -j DNAT --to-destination :80;OK
6: -p tcp -j DNAT --to-destination []:5000-5010/http;-p tcp -j DNAT --to-destination :5000-5010/80;OK
46: -j DNAT;;FAIL;DNAT: option "--to-destination" must be specified
46: -j DNAT --random;;FAIL;DNAT: option "--to-destination" must be specified
46: -j DNAT --to-destination :80;;FAIL;DNAT: a port in --to-destination needs -p tcp, udp, sctp or dccp in the same rule
46: -p udplite -j DNAT --to-destination :80;;FAIL;DNAT: a port in --to-destination needs -p tcp, udp, sctp or dccp in the same rule
46: -p esp -j DNAT --to-destination :5000-5010/80;;FAIL;DNAT: a port in --to-destination needs -p tcp, udp, sctp or dccp in the same rule
46: -p tcp -j DNAT --to-destination :90-80;;FAIL;DNAT: --to-destination ":90-80": the port range is turned round; the lower port goes first
4: -j DNAT --to-destination 10.0.0.9-10.0.0.1;;FAIL;DNAT: --to-destination "10.0.0.9-10.0.0.1": the range is turned round; the lower address goes first
6: -j DNAT --to-destination 2001:db8::9-2001:db8::1;;FAIL;the range is turned round; the lower address goes first
6: -j DNAT --to-destination [2001:db8:1::]-[2001:db8::];;FAIL;behind the bracket there can be only :PORT
46: -p tcp -j DNAT --to-destination :0;;FAIL;nothing can have port 0; a port is 1 to 65535
46: -p tcp -j DNAT --to-destination :0-0;;FAIL;nothing can have port 0; a port is 1 to 65535
46: -p tcp -j DNAT --to-destination :65536;;FAIL;a port is a number from 1 to 65535 or a service's name
46: -p tcp -j DNAT --to-destination :80-65536;;FAIL;a port is a number from 1 to 65535 or a service's name
46: -p tcp -j DNAT --to-destination :-5;;FAIL;a port is a number from 1 to 65535
46: -p tcp -j DNAT --to-destination :5-;;FAIL;a port is a number from 1 to 65535
46: -p tcp -j DNAT --to-destination :080;;FAIL;a port is a number from 1 to 65535
46: -p tcp -j DNAT --to-destination :80x;;FAIL;a port is a number from 1 to 65535
46: -p tcp -j DNAT --to-destination :http-90;;FAIL;a range is PORT-PORT in numbers
46: -p tcp -j DNAT --to-destination :80-http;;FAIL;a range is PORT-PORT in numbers
46: -p tcp -j DNAT --to-destination :no-such-service;;FAIL;a port is a number from 1 to 65535 or a service's name
46: -p tcp -j DNAT --to-destination :80:90;;FAIL;a port range is written with a dash, not a colon
46: -p tcp -j DNAT --to-destination :;;FAIL;a port is a number from 1 to 65535
46: -p tcp -j DNAT --to-destination :5000/10;;FAIL;a base port needs a range of ports before it: PORT-PORT/BASE
46: -p tcp -j DNAT --to-destination :5000-5010/0;;FAIL;the base port is a number from 1 to 65535 or a service's name
46: -p tcp -j DNAT --to-destination :5000-5010/65536;;FAIL;a port is a number from 1 to 65535
46: -p tcp -j DNAT --to-destination :5000-5010/80-90;;FAIL;the base port is a number from 1 to 65535 or a service's name
46: -p tcp -j DNAT --to-destination :5000-5010/;;FAIL;a port is a number from 1 to 65535
4: -j DNAT --to-destination 2001:db8::1;;FAIL;DNAT: --to-destination "2001:db8::1": this is an IPv6 address; give an IPv4 one, or use ip6tables
4: -p tcp -j DNAT --to-destination [2001:db8::1]:80;;FAIL;this is an IPv6 address; give an IPv4 one, or use ip6tables
4: -j DNAT --to-destination 2001:db8::1-2001:db8::9;;FAIL;this is an IPv6 address; give an IPv4 one, or use ip6tables
6: -j DNAT --to-destination 10.0.0.1;;FAIL;DNAT: --to-destination "10.0.0.1": this is an IPv4 address; give an IPv6 one, or use iptables
6: -p tcp -j DNAT --to-destination 10.0.0.1:80;;FAIL;this is an IPv4 address; give an IPv6 one, or use iptables
6: -p tcp -j DNAT --to-destination [10.0.0.1]:80;;FAIL;this is an IPv4 address; give an IPv6 one, or use iptables
4: -j DNAT --to-destination 10.0.0;;FAIL;DNAT: --to-destination "10.0.0": an IPv4 address or a range ADDRESS-ADDRESS is needed
4: -j DNAT --to-destination 010.0.0.1;;FAIL;an IPv4 address or a range ADDRESS-ADDRESS is needed
4: -j DNAT --to-destination 10.0.0.1/24;;FAIL;an IPv4 address or a range ADDRESS-ADDRESS is needed
4: -j DNAT --to-destination 10.0.0.1-;;FAIL;an IPv4 address or a range ADDRESS-ADDRESS is needed
4: -j DNAT --to-destination 10.0.0.1-10.0.0.2-10.0.0.3;;FAIL;an IPv4 address or a range ADDRESS-ADDRESS is needed
4: -j DNAT --to-destination localhost;;FAIL;an IPv4 address or a range ADDRESS-ADDRESS is needed
6: -j DNAT --to-destination 2001:db8::1-;;FAIL;an IPv6 address or a range ADDRESS-ADDRESS is needed
6: -j DNAT --to-destination [];;FAIL;an IPv6 address or a range ADDRESS-ADDRESS is needed
6: -j DNAT --to-destination [:80];;FAIL;an IPv6 address or a range ADDRESS-ADDRESS is needed
6: -p tcp -j DNAT --to-destination 2001:db8::1]:80;;FAIL;an IPv6 address or a range ADDRESS-ADDRESS is needed
6: -p tcp -j DNAT --to-destination [2001:db8::1:80;;FAIL;the closing bracket is missing
6: -p tcp -j DNAT --to-destination [2001:db8::1]80;;FAIL;behind the bracket there can be only :PORT
46: -j DNAT --to-destination :80 --to-destination :81;;FAIL;can only be used once
46: -j DNAT ! --to-destination :80;;FAIL;cannot be inverted
46: -j DNAT --to-destination :80 --random-fully;;FAIL;unknown option "--random-fully"
