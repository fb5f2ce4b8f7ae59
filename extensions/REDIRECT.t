# See TPROXY.t.
*nat
:PREROUTING
46: -j REDIRECT;=;OK
46: -p tcp -j REDIRECT --to-ports 80;=;OK
46: -p udp -j REDIRECT --to-ports 80-90;=;OK
46: -p sctp -j REDIRECT --to-ports 80;=;OK
46: -p dccp -j REDIRECT --to-ports 80;=;OK
46: -p icmp -j REDIRECT --to-ports 80;=;OK
46: ! -p udp -j REDIRECT --to-ports 80;=;OK
46: -p tcp -j REDIRECT --to-ports 0-65535;=;OK
46: -p tcp -j REDIRECT --to-ports 80-80;-p tcp -j REDIRECT --to-ports 80;OK
46: -p tcp -j REDIRECT --to-ports http;-p tcp -j REDIRECT --to-ports 80;OK
46: -p tcp -j REDIRECT --to 80;-p tcp -j REDIRECT --to-ports 80;OK
46: -j REDIRECT --random;=;OK
46: -p tcp -j REDIRECT --random --to-ports 80;-p tcp -j REDIRECT --to-ports 80 --random;OK
46: -j REDIRECT --to-ports 80 -p tcp;-p tcp -j REDIRECT --to-ports 80;OK
46: -j REDIRECT --to-ports 80;;FAIL;REDIRECT: a port in --to-ports needs -p tcp, udp, sctp or dccp in the same rule
46: -p esp -j REDIRECT --to-ports 80;;FAIL;REDIRECT: a port in --to-ports needs -p tcp, udp, sctp or dccp in the same rule
46: -p tcp -j REDIRECT --to-ports 90-80;;FAIL;REDIRECT: --to-ports "90-80": the port range is turned round; the lower port goes first
46: -p tcp -j REDIRECT --to-ports 0;;FAIL;nothing can have port 0; a port is 1 to 65535
46: -p tcp -j REDIRECT --to-ports 65536;;FAIL;a port is a number from 1 to 65535 or a service's name
46: -p tcp -j REDIRECT --to-ports http-90;;FAIL;a range is PORT-PORT in numbers
46: -p tcp -j REDIRECT --to-ports :80;;FAIL;ports are given without a colon
46: -p tcp -j REDIRECT --to-ports 80:90;;FAIL;a port range is written with a dash, not a colon
46: -p tcp -j REDIRECT --to-ports 80-90/100;;FAIL;REDIRECT: --to-ports "80-90/100": only DNAT can shift ports by a base port
46: -p tcp -j REDIRECT --to-ports 10.0.0.1;;FAIL;a port is a number from 1 to 65535
46: -p tcp -j REDIRECT --to-ports 80 --to-ports 81;;FAIL;can only be used once
46: -j REDIRECT --random-fully;;FAIL;unknown option "--random-fully"
