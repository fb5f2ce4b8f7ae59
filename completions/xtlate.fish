# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of xtlate for fish.

function __xtlate_verb
    set -l words (commandline -opc)
    test (count $words) -gt 1; and contains -- $words[2] $argv
end

function __xtlate_chains
    set -l words (commandline -opc)
    set -l table filter
    for i in (seq 2 (count $words))
        if contains -- $words[(math $i - 1)] -t --table
            set table $words[$i]
        end
    end
    __xtlate_chains_of $table
end

# The options of the extensions that the line names.
function __xtlate_extension_options
    set -l words (commandline -opc)
    for i in (seq 3 (count $words))
        if contains -- $words[(math $i - 1)] -m --match -p --protocol -j --jump
            for option in (string split ' ' -- (__xtlate_extension_of $words[$i]))
                printf '%s\toption of %s\n' $option $words[$i]
            end
        end
    end
end

complete -c xtlate -f

# What follows, up to the next mark, is made by doc/options ("make tables").
# generated
function __xtlate_chains_of
    switch $argv[1]
        case filter
            string split ' ' -- 'INPUT FORWARD OUTPUT'
        case mangle
            string split ' ' -- 'PREROUTING INPUT FORWARD OUTPUT POSTROUTING'
        case nat
            string split ' ' -- 'PREROUTING INPUT OUTPUT POSTROUTING'
        case raw
            string split ' ' -- 'PREROUTING OUTPUT'
        case security
            string split ' ' -- 'INPUT FORWARD OUTPUT'
    end
end

function __xtlate_extension_of
    switch $argv[1]
        case AUDIT
            string split ' ' -- '--type'
        case CHECKSUM
            string split ' ' -- '--checksum-fill'
        case CLASSIFY
            string split ' ' -- '--set-class'
        case CLUSTERIP
            string split ' ' -- '--clustermac --hash-init --hashmode --local-node --new --total-nodes'
        case CONNMARK
            string split ' ' -- '--and-mark --ctmask --left-shift-mark --mask --nfmask --or-mark --restore-mark --right-shift-mark --save-mark --set-mark --set-xmark --xor-mark'
        case CONNSECMARK
            string split ' ' -- '--restore --save'
        case CT
            string split ' ' -- '--ctevents --expevents --helper --notrack --timeout --zone --zone-orig --zone-reply'
        case DNAT
            string split ' ' -- '--persistent --random --to-destination'
        case DNPT
            string split ' ' -- '--dst-pfx --src-pfx'
        case DSCP
            string split ' ' -- '--set-dscp --set-dscp-class'
        case ECN
            string split ' ' -- '--ecn-ip-ect --ecn-tcp-cwr --ecn-tcp-ece --ecn-tcp-remove'
        case HL
            string split ' ' -- '--hl-dec --hl-inc --hl-set'
        case HMARK
            string split ' ' -- '--hmark-dport --hmark-dport-mask --hmark-dst-prefix --hmark-mod --hmark-offset --hmark-proto-mask --hmark-rnd --hmark-spi --hmark-spi-mask --hmark-sport --hmark-sport-mask --hmark-src-prefix --hmark-tuple'
        case IDLETIMER
            string split ' ' -- '--alarm --label --timeout'
        case LED
            string split ' ' -- '--led-always-blink --led-delay --led-trigger-id'
        case LOG
            string split ' ' -- '--log-ip-options --log-level --log-macdecode --log-prefix --log-tcp-options --log-tcp-sequence --log-uid'
        case MARK
            string split ' ' -- '--and-mark --or-mark --set-mark --set-xmark --xor-mark'
        case MASQUERADE
            string split ' ' -- '--random --random-fully --to-ports'
        case NETMAP
            string split ' ' -- '--to'
        case NFLOG
            string split ' ' -- '--nflog-group --nflog-prefix --nflog-range --nflog-size --nflog-threshold'
        case NFQUEUE
            string split ' ' -- '--queue-balance --queue-bypass --queue-cpu-fanout --queue-num'
        case RATEEST
            string split ' ' -- '--rateest-ewmalog --rateest-interval --rateest-name'
        case REDIRECT
            string split ' ' -- '--random --to-ports'
        case REJECT
            string split ' ' -- '--reject-with'
        case SECMARK
            string split ' ' -- '--selctx'
        case SET
            string split ' ' -- '--add-set --del-set --exist --map-mark --map-prio --map-queue --map-set --timeout'
        case SNAT
            string split ' ' -- '--persistent --random --random-fully --to-source'
        case SNPT
            string split ' ' -- '--dst-pfx --src-pfx'
        case SYNPROXY
            string split ' ' -- '--ecn --mss --sack-perm --timestamp --wscale'
        case TCPMSS
            string split ' ' -- '--clamp-mss-to-pmtu --set-mss'
        case TCPOPTSTRIP
            string split ' ' -- '--strip-options'
        case TEE
            string split ' ' -- '--gateway --oif'
        case TOS
            string split ' ' -- '--and-tos --or-tos --set-tos --xor-tos'
        case TPROXY
            string split ' ' -- '--on-ip --on-port --tproxy-mark'
        case TTL
            string split ' ' -- '--ttl-dec --ttl-inc --ttl-set'
        case ULOG
            string split ' ' -- '--ulog-cprange --ulog-nlgroup --ulog-prefix --ulog-qthreshold'
        case addrtype
            string split ' ' -- '--dst-type --limit-iface-in --limit-iface-out --src-type'
        case ah
            string split ' ' -- '--ahlen --ahres --ahspi'
        case bpf
            string split ' ' -- '--bytecode --object-pinned'
        case cgroup
            string split ' ' -- '--cgroup --path'
        case cluster
            string split ' ' -- '--cluster-hash-seed --cluster-local-node --cluster-local-nodemask --cluster-total-nodes'
        case comment
            string split ' ' -- '--comment'
        case connbytes
            string split ' ' -- '--connbytes --connbytes-dir --connbytes-mode'
        case connlabel
            string split ' ' -- '--label --set'
        case connlimit
            string split ' ' -- '--connlimit-above --connlimit-daddr --connlimit-mask --connlimit-saddr --connlimit-upto'
        case connmark
            string split ' ' -- '--mark'
        case conntrack
            string split ' ' -- '--ctdir --ctexpire --ctorigdst --ctorigdstport --ctorigsrc --ctorigsrcport --ctproto --ctrepldst --ctrepldstport --ctreplsrc --ctreplsrcport --ctstate --ctstatus'
        case cpu
            string split ' ' -- '--cpu'
        case dccp
            string split ' ' -- '--dccp-option --dccp-types --destination-port --source-port'
        case devgroup
            string split ' ' -- '--dst-group --src-group'
        case dscp
            string split ' ' -- '--dscp --dscp-class'
        case dst
            string split ' ' -- '--dst-len --dst-opts'
        case ecn
            string split ' ' -- '--ecn-ip-ect --ecn-tcp-cwr --ecn-tcp-ece'
        case esp
            string split ' ' -- '--espspi'
        case frag
            string split ' ' -- '--fragfirst --fragid --fraglast --fraglen --fragmore --fragres'
        case hashlimit
            string split ' ' -- '--hashlimit --hashlimit-above --hashlimit-burst --hashlimit-dstmask --hashlimit-htable-expire --hashlimit-htable-gcinterval --hashlimit-htable-max --hashlimit-htable-size --hashlimit-mode --hashlimit-name --hashlimit-rate-interval --hashlimit-rate-match --hashlimit-srcmask --hashlimit-upto'
        case hbh
            string split ' ' -- '--hbh-len --hbh-opts'
        case helper
            string split ' ' -- '--helper'
        case hl
            string split ' ' -- '--hl --hl-eq --hl-gt --hl-lt'
        case icmp
            string split ' ' -- '--icmp-type'
        case icmp6
            string split ' ' -- '--icmpv6-type'
        case ipcomp
            string split ' ' -- '--compres --ipcompspi'
        case iprange
            string split ' ' -- '--dst-range --src-range'
        case ipv6header
            string split ' ' -- '--header --soft'
        case ipvs
            string split ' ' -- '--ipvs --vaddr --vdir --vmethod --vport --vportctl --vproto'
        case length
            string split ' ' -- '--length'
        case limit
            string split ' ' -- '--limit --limit-burst'
        case mac
            string split ' ' -- '--mac-source'
        case mark
            string split ' ' -- '--mark'
        case mh
            string split ' ' -- '--mh-type'
        case multiport
            string split ' ' -- '--destination-ports --ports --source-ports'
        case nfacct
            string split ' ' -- '--nfacct-name'
        case osf
            string split ' ' -- '--genre --log --ttl'
        case owner
            string split ' ' -- '--gid-owner --socket-exists --suppl-groups --uid-owner'
        case physdev
            string split ' ' -- '--physdev-in --physdev-is-bridged --physdev-is-in --physdev-is-out --physdev-out'
        case pkttype
            string split ' ' -- '--pkt-type'
        case policy
            string split ' ' -- '--dir --mode --next --pol --proto --reqid --spi --strict --tunnel-dst --tunnel-src'
        case quota
            string split ' ' -- '--quota'
        case rateest
            string split ' ' -- '--rateest --rateest-bps --rateest-bps1 --rateest-bps2 --rateest-delta --rateest-eq --rateest-gt --rateest-lt --rateest-pps --rateest-pps1 --rateest-pps2 --rateest1 --rateest2'
        case realm
            string split ' ' -- '--realm'
        case recent
            string split ' ' -- '--hitcount --mask --name --rcheck --rdest --reap --remove --rsource --rttl --seconds --set --update'
        case rpfilter
            string split ' ' -- '--accept-local --invert --loose --validmark'
        case rt
            string split ' ' -- '--rt-0-addrs --rt-0-not-strict --rt-0-res --rt-len --rt-segsleft --rt-type'
        case sctp
            string split ' ' -- '--chunk-types --destination-port --source-port'
        case set
            string split ' ' -- '--bytes-eq --bytes-gt --bytes-lt --match-set --packets-eq --packets-gt --packets-lt --return-nomatch --set --update-counters --update-subcounters'
        case socket
            string split ' ' -- '--nowildcard --restore-skmark --transparent'
        case srh
            string split ' ' -- '--srh-hdr-len-eq --srh-hdr-len-gt --srh-hdr-len-lt --srh-last-entry-eq --srh-last-entry-gt --srh-last-entry-lt --srh-lsid --srh-next-hdr --srh-nsid --srh-psid --srh-segs-left-eq --srh-segs-left-gt --srh-segs-left-lt --srh-tag'
        case state
            string split ' ' -- '--state'
        case statistic
            string split ' ' -- '--every --mode --packet --probability'
        case string
            string split ' ' -- '--algo --from --hex-string --icase --string --to'
        case tcp
            string split ' ' -- '--destination-port --source-port --syn --tcp-flags --tcp-option'
        case tcpmss
            string split ' ' -- '--mss'
        case time
            string split ' ' -- '--contiguous --datestart --datestop --kerneltz --localtz --monthdays --timestart --timestop --utc --weekdays'
        case tos
            string split ' ' -- '--tos'
        case ttl
            string split ' ' -- '--ttl --ttl-eq --ttl-gt --ttl-lt'
        case u32
            string split ' ' -- '--u32'
        case udp
            string split ' ' -- '--destination-port --source-port'
    end
end

function __xtlate_match
    string split ' ' -- 'addrtype ah bpf cgroup cluster comment connbytes connlabel connlimit connmark conntrack cpu dccp devgroup dscp dst ecn esp eui64 frag hashlimit hbh helper hl icmp icmp6 ipcomp iprange ipv6header ipvs length limit mac mark mh multiport nfacct osf owner physdev pkttype policy quota rateest realm recent rpfilter rt sctp set socket srh state statistic string tcp tcpmss time tos ttl u32 udp'
end

function __xtlate_target
    string split ' ' -- 'ACCEPT DROP RETURN AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNMARK CONNSECMARK CT DNAT DNPT DSCP ECN HL HMARK IDLETIMER LED LOG MARK MASQUERADE NETMAP NFLOG NFQUEUE NOTRACK RATEEST REDIRECT REJECT SECMARK SET SNAT SNPT SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TPROXY TRACE TTL ULOG'
end

function __xtlate_extension
    string split ' ' -- 'addrtype ah bpf cgroup cluster comment connbytes connlabel connlimit connmark conntrack cpu dccp devgroup dscp dst ecn esp eui64 frag hashlimit hbh helper hl icmp icmp6 ipcomp iprange ipv6header ipvs length limit mac mark mh multiport nfacct osf owner physdev pkttype policy quota rateest realm recent rpfilter rt sctp set socket srh state statistic string tcp tcpmss time tos ttl u32 udp AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNMARK CONNSECMARK CT DNAT DNPT DSCP ECN HL HMARK IDLETIMER LED LOG MARK MASQUERADE NETMAP NFLOG NFQUEUE NOTRACK RATEEST REDIRECT REJECT SECMARK SET SNAT SNPT SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TPROXY TRACE TTL ULOG'
end

complete -c xtlate -n __fish_use_subcommand -a ruleset -d 'translate whole iptables-save files'
complete -c xtlate -n __fish_use_subcommand -a rule -d 'translate one iptables command line'
complete -c xtlate -n __fish_use_subcommand -a verify -d 'send the same packets through a ruleset and its translation'
complete -c xtlate -n __fish_use_subcommand -a coverage -d 'list what is translated, exactly or not, and why not'
complete -c xtlate -n __fish_use_subcommand -s h -l help -d 'what there is'
complete -c xtlate -n __fish_use_subcommand -s V -l version -d 'the version'

complete -c xtlate -n '__xtlate_verb ruleset' -s 4 -l ipv4 -r -F -d 'FILE is for iptables'
complete -c xtlate -n '__xtlate_verb ruleset' -s 6 -l ipv6 -r -F -d 'FILE is for ip6tables (others are guessed)'
complete -c xtlate -n '__xtlate_verb ruleset' -l ipset -r -F -d 'take ipsets that the rules name from this "ipset save" file'
complete -c xtlate -n '__xtlate_verb ruleset' -l noflush -d 'a table that comes again adds to the first'
complete -c xtlate -n '__xtlate_verb ruleset' -o O0 -d 'one rule for one rule'
complete -c xtlate -n '__xtlate_verb ruleset' -o O1 -d 'the same, with sets that rules share'
complete -c xtlate -n '__xtlate_verb ruleset' -o O2 -d 'rules as elements of sets and maps'
complete -c xtlate -n '__xtlate_verb ruleset' -l inet -d 'one table for IPv4 and IPv6 where both have it'
complete -c xtlate -n '__xtlate_verb ruleset' -l no-fragment-guard -d 'leave out the tests that keep later fragments away'
complete -c xtlate -n '__xtlate_verb ruleset' -l approximate -d 'allow translations that are only nearly the same'
complete -c xtlate -n '__xtlate_verb ruleset' -l nft-version -x -d 'write for this nft, 0.9.8 or newer (default: the one that is installed)'
complete -c xtlate -n '__xtlate_verb ruleset' -s o -l output -r -F -d 'write there instead of standard output'
complete -c xtlate -n '__xtlate_verb ruleset' -l lines -d '"add rule" lines instead of blocks'
complete -c xtlate -n '__xtlate_verb ruleset' -l json -d 'JSON for libnftables instead of nft\'s own language'
complete -c xtlate -n '__xtlate_verb ruleset' -l replace -d 'let the result replace tables that are loaded already'
complete -c xtlate -n '__xtlate_verb ruleset' -l check -d 'have libnftables check the result'
complete -c xtlate -n '__xtlate_verb ruleset' -l strict -d 'write nothing when a rule could not be translated'
complete -c xtlate -n '__xtlate_verb ruleset' -l report -r -F -d 'write what became of each rule, as JSON'
complete -c xtlate -n '__xtlate_verb ruleset' -l html -r -F -d 'write the rules beside their translation, as a page'
complete -c xtlate -n '__xtlate_verb ruleset' -l dot -r -F -d 'write chains and jumps as a graph for graphviz'
complete -c xtlate -n '__xtlate_verb ruleset' -l color -x -a 'auto always never' -d 'colours: auto (default: on a terminal), always, never'
complete -c xtlate -n '__xtlate_verb ruleset' -l quiet -d 'only errors: no warnings, no summary'
complete -c xtlate -n '__xtlate_verb ruleset' -l verbose -d 'also what was read, for which nft, and all that else is cut short'
complete -c xtlate -n '__xtlate_verb ruleset' -s h -l help -d 'this text'
complete -c xtlate -n '__xtlate_verb ruleset' -F

complete -c xtlate -n '__xtlate_verb rule' -s 4 -l ipv4 -d 'a line of iptables (default)'
complete -c xtlate -n '__xtlate_verb rule' -s 6 -l ipv6 -d 'a line of ip6tables'
complete -c xtlate -n '__xtlate_verb rule' -l no-fragment-guard -d 'leave out the tests that keep later fragments away'
complete -c xtlate -n '__xtlate_verb rule' -l approximate -d 'allow translations that are only nearly the same'
complete -c xtlate -n '__xtlate_verb rule' -l nft-version -x -d 'write for this nft, 0.9.8 or newer (default: the one that is installed)'
complete -c xtlate -n '__xtlate_verb rule' -l color -x -a 'auto always never' -d 'colours: auto (default: on a terminal), always, never'
complete -c xtlate -n '__xtlate_verb rule' -l quiet -d 'only errors: no warnings, no summary'
complete -c xtlate -n '__xtlate_verb rule' -l verbose -d 'also what was read, for which nft, and all that else is cut short'
complete -c xtlate -n '__xtlate_verb rule' -s h -l help -d 'this text'
complete -c xtlate -n '__xtlate_verb rule' -s t -l table -x -a 'filter mangle nat raw security' -d 'default: filter'
complete -c xtlate -n '__xtlate_verb rule' -s A -l append -x -a '(__xtlate_chains)' -d 'adds the rule at the end'
complete -c xtlate -n '__xtlate_verb rule' -s I -l insert -x -a '(__xtlate_chains)' -d 'inserts the rule, in front of rule NUMBER if that follows'
complete -c xtlate -n '__xtlate_verb rule' -s D -l delete -x -a '(__xtlate_chains)' -d 'deletes the rule, or rule NUMBER'
complete -c xtlate -n '__xtlate_verb rule' -s R -l replace -x -a '(__xtlate_chains)' -d 'replaces rule NUMBER'
complete -c xtlate -n '__xtlate_verb rule' -s C -l check -x -a '(__xtlate_chains)' -d 'whether the rule is there'
complete -c xtlate -n '__xtlate_verb rule' -s N -l new-chain -x -d 'makes a chain'
complete -c xtlate -n '__xtlate_verb rule' -s X -l delete-chain -x -d 'deletes a chain'
complete -c xtlate -n '__xtlate_verb rule' -s F -l flush -x -a '(__xtlate_chains)' -d 'deletes the rules of the chain, or of the table'
complete -c xtlate -n '__xtlate_verb rule' -s Z -l zero -x -a '(__xtlate_chains)' -d 'sets counters to zero, or those of rule NUMBER'
complete -c xtlate -n '__xtlate_verb rule' -s P -l policy -x -a '(__xtlate_chains)' -d 'sets the policy: ACCEPT or DROP behind it'
complete -c xtlate -n '__xtlate_verb rule' -s E -l rename-chain -x -d 'gives the chain the name behind it'
complete -c xtlate -n '__xtlate_verb rule' -s p -l protocol -x -a 'tcp udp icmp icmpv6 sctp dccp udplite esp ah all' -d 'of the packet'
complete -c xtlate -n '__xtlate_verb rule' -s s -l source -x -d 'address or network that it is from'
complete -c xtlate -n '__xtlate_verb rule' -s d -l destination -x -d 'address or network that it is for'
complete -c xtlate -n '__xtlate_verb rule' -s i -l in-interface -x -a '(__fish_print_interfaces)' -d 'that it came by'
complete -c xtlate -n '__xtlate_verb rule' -s o -l out-interface -x -a '(__fish_print_interfaces)' -d 'that it leaves by'
complete -c xtlate -n '__xtlate_verb rule' -s m -l match -x -a '(__xtlate_match)' -d 'an extension, with its options behind it'
complete -c xtlate -n '__xtlate_verb rule' -s j -l jump -x -a '(__xtlate_target)' -d 'verdict, chain or extension'
complete -c xtlate -n '__xtlate_verb rule' -s g -l goto -x -d 'chain to go on in'

complete -c xtlate -n '__xtlate_verb verify' -s 4 -l ipv4 -r -F -d 'FILE is for iptables'
complete -c xtlate -n '__xtlate_verb verify' -s 6 -l ipv6 -r -F -d 'FILE is for ip6tables (others are guessed)'
complete -c xtlate -n '__xtlate_verb verify' -l ipset -r -F -d 'take ipsets that the rules name from this "ipset save" file'
complete -c xtlate -n '__xtlate_verb verify' -l noflush -d 'a table that comes again adds to the first'
complete -c xtlate -n '__xtlate_verb verify' -o O0 -d 'one rule for one rule'
complete -c xtlate -n '__xtlate_verb verify' -o O1 -d 'the same, with sets that rules share'
complete -c xtlate -n '__xtlate_verb verify' -o O2 -d 'rules as elements of sets and maps'
complete -c xtlate -n '__xtlate_verb verify' -l inet -d 'one table for IPv4 and IPv6 where both have it'
complete -c xtlate -n '__xtlate_verb verify' -l no-fragment-guard -d 'leave out the tests that keep later fragments away'
complete -c xtlate -n '__xtlate_verb verify' -l against -r -F -d 'compare with this nft file instead of the translation'
complete -c xtlate -n '__xtlate_verb verify' -l same-rules -d 'that file has the translation\'s rules one for one: compare what they count, too'
complete -c xtlate -n '__xtlate_verb verify' -l backends -x -a 'legacy,native nft-compat,native legacy,nft-compat,native legacy,legacy' -d 'of legacy, nft-compat and native (default: legacy,native)'
complete -c xtlate -n '__xtlate_verb verify' -l seed -x -d 'other packets; the same N makes the same ones (default: 1)'
complete -c xtlate -n '__xtlate_verb verify' -l max -x -d 'send at most N packets'
complete -c xtlate -n '__xtlate_verb verify' -l packet -x -d 'show one packet\'s way: \'in=eth0 daddr=192.0.2.1 tcp dport=80\''
complete -c xtlate -n '__xtlate_verb verify' -l topology -r -F -d 'the network: devices, addresses, routes'
complete -c xtlate -n '__xtlate_verb verify' -l like-here -d 'the network is as in this host'
complete -c xtlate -n '__xtlate_verb verify' -l report -r -F -d 'write what was found, as JSON'
complete -c xtlate -n '__xtlate_verb verify' -l html -r -F -d 'write what was found, as a page'
complete -c xtlate -n '__xtlate_verb verify' -l pcap -r -F -d 'write the packets that differed'
complete -c xtlate -n '__xtlate_verb verify' -l color -x -a 'auto always never' -d 'colours: auto (default: on a terminal), always, never'
complete -c xtlate -n '__xtlate_verb verify' -l quiet -d 'only errors: no warnings, no summary'
complete -c xtlate -n '__xtlate_verb verify' -l verbose -d 'also what was read, for which nft, and all that else is cut short'
complete -c xtlate -n '__xtlate_verb verify' -s h -l help -d 'this text'
complete -c xtlate -n '__xtlate_verb verify' -F

complete -c xtlate -n '__xtlate_verb coverage' -l json -d 'as JSON'
complete -c xtlate -n '__xtlate_verb coverage' -s h -l help -d 'this text'
complete -c xtlate -n '__xtlate_verb coverage' -a '(__xtlate_extension)'
complete -c xtlate -n '__xtlate_verb rule' -a '(__xtlate_extension_options)'
# end of generated
