# See TPROXY.t.
*nat
:PREROUTING
4: -j NETMAP --to 10.0.0.0/24;=;OK
4: -j NETMAP --to 10.0.0.1/24;-j NETMAP --to 10.0.0.0/24;OK
4: -j NETMAP --to 10.0.0.1;-j NETMAP --to 10.0.0.1/32;OK
4: -j NETMAP --to 10.1.0.0/255.255.0.0;-j NETMAP --to 10.1.0.0/16;OK
4: -j NETMAP --to 10.1.2.3/0.0.0.0;-j NETMAP --to 0.0.0.0/0;OK
4: -j NETMAP --to 10.1.2.3/0;-j NETMAP --to 0.0.0.0/0;OK
4: -j NETMAP --to 10.1.2.3/31;-j NETMAP --to 10.1.2.2/31;OK
4: -j NETMAP --to 10.1.2/24;-j NETMAP --to 10.1.0.0/24;OK
4: -j NETMAP --to localhost;-j NETMAP --to 127.0.0.1/32;OK
4: -p tcp -j NETMAP --to 10.0.0.0/8;=;OK
6: -j NETMAP --to 2001:db8::/64;=;OK
6: -j NETMAP --to 2001:db8::1/64;-j NETMAP --to 2001:db8::/64;OK
6: -j NETMAP --to 2001:db8::1;-j NETMAP --to 2001:db8::1/128;OK
6: -j NETMAP --to 2001:db8::/ffff:ffff::;-j NETMAP --to 2001:db8::/32;OK
6: -j NETMAP --to 2001:db8::ffff/127;-j NETMAP --to 2001:db8::fffe/127;OK
6: -j NETMAP --to 2001:db8::/0;-j NETMAP --to ::/0;OK
46: -j NETMAP;;FAIL;NETMAP: option "--to" must be specified
4: -j NETMAP --to 10.0.0.0/33;;FAIL;NETMAP: --to "10.0.0.0/33": the mask is a number from 0 to 32, or like 255.255.0.0
4: -j NETMAP --to 10.0.0.0/;;FAIL;the mask is a number from 0 to 32, or like 255.255.0.0
4: -j NETMAP --to 10.0.0.0/255.0.255.0;;FAIL;the mask is a number from 0 to 32, or like 255.255.0.0
4: -j NETMAP --to 10.0.0.0/255.255;;FAIL;the mask is a number from 0 to 32, or like 255.255.0.0
4: -j NETMAP --to 2001:db8::/64;;FAIL;NETMAP: --to "2001:db8::/64": this is an IPv6 address; give an IPv4 one, or use ip6tables
6: -j NETMAP --to 10.0.0.0/24;;FAIL;NETMAP: --to "10.0.0.0/24": this is an IPv4 address; give an IPv6 one, or use iptables
6: -j NETMAP --to 2001:db8::/129;;FAIL;NETMAP: --to "2001:db8::/129": the mask is a number from 0 to 128, or like ffff:ffff::
6: -j NETMAP --to 2001:db8::/ffff:0:ffff::;;FAIL;the mask is a number from 0 to 128, or like ffff:ffff::
4: -j NETMAP --to 10.0.0.1-10.0.0.9;;FAIL;NETMAP: --to "10.0.0.1-10.0.0.9": one address is needed, without brackets
6: -j NETMAP --to [2001:db8::]/64;;FAIL;one address is needed, without brackets
4: -j NETMAP ! --to 10.0.0.0/8;;FAIL;cannot be inverted
