# See TPROXY.t.
*nat
:POSTROUTING
46: -j MASQUERADE;=;OK
46: -p tcp -j MASQUERADE --to-ports 80;=;OK
46: -p udp -j MASQUERADE --to-ports 80-90;=;OK
46: -p sctp -j MASQUERADE --to-ports 80;=;OK
46: -p dccp -j MASQUERADE --to-ports 80;=;OK
46: -p icmp -j MASQUERADE --to-ports 80;=;OK
46: ! -p udp -j MASQUERADE --to-ports 80;=;OK
46: -p tcp -j MASQUERADE --to-ports 0-65535;=;OK
46: -p tcp -j MASQUERADE --to-ports 80-80;-p tcp -j MASQUERADE --to-ports 80;OK
46: -p tcp -j MASQUERADE --to-ports http;-p tcp -j MASQUERADE --to-ports 80;OK
46: -p tcp -j MASQUERADE --to 80;-p tcp -j MASQUERADE --to-ports 80;OK
46: -j MASQUERADE --random;=;OK
46: -j MASQUERADE --random-fully;=;OK
46: -p tcp -j MASQUERADE --random-fully --random --to-ports 80-90;-p tcp -j MASQUERADE --to-ports 80-90 --random --random-fully;OK
46: -p tcp -j MASQUERADE --random --to-ports 80;-p tcp -j MASQUERADE --to-ports 80 --random;OK
46: -j MASQUERADE --to-ports 80 -p tcp;-p tcp -j MASQUERADE --to-ports 80;OK
46: -j MASQUERADE --to-ports 80;;FAIL;MASQUERADE: a port in --to-ports needs -p tcp, udp, sctp or dccp in the same rule
46: -p esp -j MASQUERADE --to-ports 80;;FAIL;MASQUERADE: a port in --to-ports needs -p tcp, udp, sctp or dccp in the same rule
46: -p tcp -j MASQUERADE --to-ports 90-80;;FAIL;MASQUERADE: --to-ports "90-80": the port range is turned round; the lower port goes first
46: -p tcp -j MASQUERADE --to-ports 0;;FAIL;nothing can have port 0; a port is 1 to 65535
46: -p tcp -j MASQUERADE --to-ports 65536;;FAIL;a port is a number from 1 to 65535 or a service's name
46: -p tcp -j MASQUERADE --to-ports http-90;;FAIL;a range is PORT-PORT in numbers
46: -p tcp -j MASQUERADE --to-ports :80;;FAIL;ports are given without a colon
46: -p tcp -j MASQUERADE --to-ports 80:90;;FAIL;a port range is written with a dash, not a colon
46: -p tcp -j MASQUERADE --to-ports 80-90/100;;FAIL;MASQUERADE: --to-ports "80-90/100": only DNAT can shift ports by a base port
46: -p tcp -j MASQUERADE --to-ports 10.0.0.1;;FAIL;a port is a number from 1 to 65535
46: -p tcp -j MASQUERADE --to-ports 80 --to-ports 81;;FAIL;can only be used once
