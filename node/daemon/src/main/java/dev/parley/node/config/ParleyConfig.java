package dev.parley.node.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that an operator can set. Each key's meaning, unit and range are in its {@link Doc}; the table of all is
 * {@code CONFIGURATION.md}, generated from here. Durations read {@code 500ms}, {@code 10s}, {@code 5m}, {@code 24h} or
 * ISO 8601; sizes read {@code 65536}, {@code 64K}, {@code 16M}.
 */
@ConfigMapping(prefix = "parley")
public interface ParleyConfig {

    @Doc(
            value = "The name shown to peers, a claim that nobody checks. Unset: none is shown.",
            range = "at most 64 bytes of UTF-8, no control or format characters")
    Optional<String> name();

    @Doc(
            value = "The address that peers are told to dial. Unset: none is told.",
            range = "host:port, at most 255 bytes")
    Optional<String> advertise();

    @Doc(value = "The file that says where to listen, as `<ipv4> <port>`; written at the first start if missing.")
    @WithDefault("CREDENTIALS.txt")
    Path credentials();

    @Doc(
            "The directory of all state (identity key, known peers, net.log, admin socket); made with mode 0700. Relative to the working directory.")
    @WithDefault("data")
    Path dataDir();

    @Doc(
            value = "The cipher suites offered and accepted, most wanted first.",
            range = "A256GCM, A256CBC-HS512; at least one, none twice")
    @WithDefault("A256GCM,A256CBC-HS512")
    List<String> suites();

    Listen listen();

    Trust trust();

    Identity identity();

    Admin admin();

    Handshake handshake();

    Penalty penalty();

    Session session();

    Ratchet ratchet();

    Reconnect reconnect();

    Discovery discovery();

    Message message();

    Store store();

    Files files();

    Bridge bridge();

    Trace trace();

    Audit audit();

    Shutdown shutdown();

    /** Where the node takes connections. {@code CREDENTIALS.txt} sets both, environment and system properties win. */
    interface Listen {
        @Doc(value = "The address to listen on.", range = "an IPv4 or IPv6 address; 0.0.0.0 for all")
        @WithDefault("127.0.0.1")
        String host();

        @Doc(value = "The TCP port to listen on; 0 takes any free one.", min = "0", max = "65535")
        @WithDefault("3001")
        int port();

        @Doc(
                value = "Event loops that serve peers; 0 is one for each core.",
                unit = "event loops",
                min = "0",
                max = "256")
        @WithDefault("0")
        int eventLoops();
    }

    /** Who may connect. */
    interface Trust {
        @Doc(
                value =
                        "`approve`: an unknown peer waits for the operator. `first-use`: it is trusted and its key pinned. `ca`: it is let in if a certificate authority vouches for its key (FLEET.md).",
                range = "approve, first-use, ca")
        @WithDefault("approve")
        TrustMode mode();

        @Doc(value = "Peers that may await approval at once.", unit = "peers", min = "0", max = "100000")
        @WithDefault("100")
        int pendingTotal();

        @Doc(
                value = "Peers that may await approval at once from one IPv4 address or IPv6 /64.",
                unit = "peers",
                min = "0",
                max = "100000")
        @WithDefault("3")
        int pendingPerAddress();

        Ca ca();
    }

    /** Trust mode {@code ca}: whose certificates let a peer in. All files are looked at several times a second. */
    interface Ca {
        @Doc(
                value =
                        "PEM file with the certificates of the authorities whose peers are let in; read again when it changes. Needed by `parley.trust.mode=ca`.",
                range = "at most 1 MiB")
        Optional<Path> anchors();

        @Doc(
                value =
                        "File of revoked keys, of peers or authorities: a peer id or SHA-256 of a public key a line, `#` begins a comment. In force within a second of a change, on live sessions too.",
                range = "at most 16 MiB")
        Optional<Path> revoked();

        @Doc(
                value =
                        "Which names in certificates are let in: a peer needs one that fits. `*` stands for anything within a label or path segment, `**` for anything. Unset: every name.",
                range = "DNS names, URIs and patterns of them")
        Optional<List<String>> names();
    }

    /** The identity key, {@code identity.pem} in the data directory unless {@code key-file} names another, and its certificate. */
    interface Identity {
        @Doc(value = "Size of the RSA key made at the first start.", unit = "bits", min = "2048", max = "4096")
        @WithDefault("3072")
        int bits();

        @Doc(
                "Passphrase of identity.pem. Give it by the environment (PARLEY_IDENTITY_PASSPHRASE), not by a file others read.")
        Optional<String> passphrase();

        @Doc("File whose first line is the passphrase of identity.pem; others must not be able to read it.")
        Optional<Path> passphraseFile();

        @Doc(
                "File with the identity key, RSA in PEM, PKCS#8 or PKCS#1, in place of identity.pem; never written. The group may read it, others must not.")
        Optional<Path> keyFile();

        @Doc(
                value =
                        "PEM file with the certificate of the identity key and those that lead to an authority, shown to every peer; read again when it changes. Unset: none is shown.",
                range = "at most 8 certificates, some 13,000 bytes in all")
        Optional<Path> certificate();
    }

    /** The admin socket. */
    interface Admin {
        @Doc(value = "The unix domain socket of the admin API.", range = "at most 107 bytes")
        @WithDefault("${parley.data-dir}/admin/parley.sock")
        Path socket();

        @Doc(
                value = "Events that may wait for a slow reader of the event stream before it is dropped.",
                unit = "events",
                min = "16",
                max = "1000000")
        @WithDefault("1024")
        int streamBuffer();

        @Doc(
                value =
                        "The group that the socket and its directory are given (modes 0660 and 0750), so that its members can knock; whom the node lets in is parley.admin.allow.*. Unset: only the node's own user can (0600 and 0700). The socket must be outside of the data directory then.",
                range = "a group id, from 0 to 4294967294")
        Optional<Long> group();

        Allow allow();
    }

    /** Who may do what over the admin socket, besides the node's own user and root, who may do all. */
    interface Allow {
        @Doc(
                value = "Who may look at the node, but not into messages and files.",
                range = "uid:NUMBER and gid:NUMBER, separated by commas")
        Optional<List<String>> read();

        @Doc(
                value = "Who may also read and send messages and files.",
                range = "uid:NUMBER and gid:NUMBER, separated by commas")
        Optional<List<String>> operate();

        @Doc(
                value = "Who may do all, trust and the store included.",
                range = "uid:NUMBER and gid:NUMBER, separated by commas")
        Optional<List<String>> administer();
    }

    /** Limits before a peer is authenticated (PSP/1 section 4, "Quotas"). */
    interface Handshake {
        @Doc(value = "Time within which a handshake must complete.", min = "1s", max = "2m")
        @WithDefault("10s")
        Duration deadline();

        HalfOpen halfOpen();

        Unwraps unwraps();

        @Doc(
                value = "Threads for RSA and key encapsulation work; 0 is half of the cores, at least one.",
                unit = "threads",
                min = "0",
                max = "256")
        @WithDefault("0")
        int workers();
    }

    /** Handshakes in flight. */
    interface HalfOpen {
        @Doc(value = "Handshakes in flight, in all.", unit = "handshakes", min = "1", max = "100000")
        @WithDefault("512")
        int total();

        @Doc(
                value = "Handshakes in flight from one IPv4 address or IPv6 /64.",
                unit = "handshakes",
                min = "1",
                max = "100000")
        @WithDefault("32")
        int perAddress();
    }

    /** RSA private operations done for strangers. */
    interface Unwraps {
        @Doc(
                value = "RSA unwraps for one IPv4 address or IPv6 /64.",
                unit = "unwraps a second",
                min = "1",
                max = "100000")
        @WithDefault("10")
        int perSecond();

        @Doc(value = "RSA unwraps that one address may do in a burst.", unit = "unwraps", min = "1", max = "100000")
        @WithDefault("20")
        int burst();

        @Doc(
                value = "Unwraps of all addresses that may wait for a thread; beyond, the longest waiting gives way.",
                unit = "unwraps",
                min = "1",
                max = "100000")
        @WithDefault("64")
        int waiting();
    }

    /** How an address is held back that costs much and proves nothing. */
    interface Penalty {
        @Doc(
                value =
                        "Cost of strangers from one IPv4 address or IPv6 /64 at which its new connections are refused, until half of it has decayed. 1 is about a millisecond of computing.",
                unit = "units of cost",
                min = "50",
                max = "1000000000")
        @WithDefault("1000")
        int threshold();

        @Doc(value = "Time in which the cost that is held against an address halves.", min = "1s", max = "1h")
        @WithDefault("60s")
        Duration halfLife();
    }

    /** Limits of a session (PSP/1 section 5). */
    interface Session {
        @Doc(value = "Sessions at once.", unit = "sessions", min = "1", max = "1000000")
        @WithDefault("4096")
        int max();

        @Doc(
                value = "The longest record that peers may send: the default fits a message of 1 MiB and its header.",
                min = "16384",
                max = "8M")
        @WithDefault("1049600")
        MemorySize maxPlaintext();

        @Doc(value = "Silence after which a peer is asked for a sign of life.", min = "100ms", max = "1h")
        @WithDefault("30s")
        Duration pingAfter();

        @Doc(value = "Silence after which a peer counts as dead; longer than ping-after.", min = "200ms", max = "2h")
        @WithDefault("90s")
        Duration deadAfter();

        @Doc(value = "Age at which a session is replaced by a new one.", min = "1m", max = "24h")
        @WithDefault("24h")
        Duration maxAge();

        @Doc(value = "What may wait to be written to one peer.", min = "64K", max = "1G")
        @WithDefault("16M")
        MemorySize writeBuffer();

        @Doc(value = "Time a peer may leave its write buffer full before it is closed.", min = "1s", max = "10m")
        @WithDefault("30s")
        Duration writeStall();
    }

    /** When fresh keys are agreed inside a session (PSP/1 section 6). */
    interface Ratchet {
        @Doc(value = "Bytes sealed under one key before a ratchet.", min = "1K", max = "1G")
        @WithDefault("1G")
        MemorySize bytes();

        @Doc(value = "Records sealed under one key before a ratchet.", unit = "records", min = "2", max = "16777216")
        @WithDefault("16777216")
        long records();

        @Doc(value = "Age of a key, at a seal, before a ratchet.", min = "100ms", max = "2m")
        @WithDefault("2m")
        Duration age();
    }

    /** How a lost peer that the operator wants connected is dialed again. */
    interface Reconnect {
        @Doc(value = "The first wait before a peer is dialed again, doubled each time.", min = "10ms", max = "5m")
        @WithDefault("1s")
        Duration min();

        @Doc(value = "The longest wait before a peer is dialed again; not below min.", min = "10ms", max = "24h")
        @WithDefault("5m")
        Duration max();
    }

    /** How peers are found that nobody named. */
    interface Discovery {
        @Doc(
                value =
                        "A name in DNS whose addresses this node keeps connected with: by SRV (`_psp._tcp.NAME`), else by A and AAAA with the port that stands here, or else this node's own. Short names are completed as `/etc/resolv.conf` says. Unset: none is looked for.",
                range = "name or name:port")
        Optional<String> dns();

        @Doc(value = "How often DNS is asked, a fifth more or less.", min = "1s", max = "1h")
        @WithDefault("5s")
        Duration every();

        @Doc(
                value = "The name servers to ask, in this order. Unset: those of `/etc/resolv.conf`.",
                range = "IP addresses, with a port where it is not 53, separated by commas; at most 3")
        Optional<List<String>> servers();
    }

    /** Messages in flight. */
    interface Message {
        @Doc(
                value = "Messages that may wait for acknowledgement in one session.",
                unit = "messages",
                min = "1",
                max = "1024")
        @WithDefault("1024")
        int window();

        @Doc(
                value = "Contents that may wait for acknowledgement in one session; one message always may.",
                min = "16K",
                max = "8M")
        @WithDefault("8M")
        MemorySize windowBytes();
    }

    /** The store of messages, store.db in the data directory. */
    interface Store {
        @Doc(value = "The most that store.db may grow to; beyond, no messages are taken.", min = "1M", max = "16T")
        @WithDefault("64G")
        MemorySize maxSize();

        @Doc(
                value = "Room that is left free on the disk: with less, no messages and files are taken.",
                min = "0",
                max = "1T")
        @WithDefault("64M")
        MemorySize reserve();

        @Doc(value = "Age at which messages that were read, or have ended, are deleted.", min = "1m", max = "36500d")
        @WithDefault("365d")
        Duration keep();

        Outbox outbox();

        Inbox inbox();
    }

    /** What may wait to be delivered. */
    interface Outbox {
        @Doc(value = "Messages that may wait, of all peers.", unit = "messages", min = "1", max = "100000000")
        @WithDefault("1000000")
        long messages();

        @Doc(value = "Contents of messages that may wait, of all peers.", min = "1M", max = "16T")
        @WithDefault("4G")
        MemorySize bytes();

        @Doc(value = "Messages that may wait for one peer.", unit = "messages", min = "1", max = "100000000")
        @WithDefault("100000")
        long messagesPerPeer();

        @Doc(value = "Contents of messages that may wait for one peer.", min = "1M", max = "16T")
        @WithDefault("1G")
        MemorySize bytesPerPeer();
    }

    /** What is kept of messages that came. */
    interface Inbox {
        @Doc(value = "Messages kept, of all peers.", unit = "messages", min = "1", max = "1000000000")
        @WithDefault("10000000")
        long messages();

        @Doc(value = "Contents of messages kept, of all peers.", min = "1M", max = "16T")
        @WithDefault("32G")
        MemorySize bytes();

        @Doc(value = "Messages kept of one peer.", unit = "messages", min = "1", max = "1000000000")
        @WithDefault("1000000")
        long messagesPerPeer();

        @Doc(value = "Contents of messages kept of one peer.", min = "1M", max = "16T")
        @WithDefault("8G")
        MemorySize bytesPerPeer();
    }

    /** Files that come and go. */
    interface Files {
        @Doc(
                value = "Whose files are taken without asking the operator.",
                range = "ask (nobody's), verified, trusted (every peer that is let in)")
        @WithDefault("ask")
        FileAcceptance accept();

        @Doc(value = "The longest file that is taken, from peers and from the operator.", min = "0", max = "16T")
        @WithDefault("64G")
        MemorySize maxSize();

        @Doc(value = "The most that the contents of all files may take on the disk.", min = "0", max = "1024T")
        @WithDefault("1T")
        MemorySize spoolBytes();

        @Doc(
                value = "Age at which transfers that have ended are forgotten, and files that came are deleted.",
                min = "1m",
                max = "36500d")
        @WithDefault("30d")
        Duration keep();
    }

    /** The bridge to NATS JetStream (BRIDGE.md). */
    interface Bridge {
        @Doc(
                value =
                        "Whether messages that came are published to NATS JetStream, and messages to send are taken from it. They leave the protection of Parley there.",
                range = "true, false")
        @WithDefault("false")
        boolean enabled();

        @Doc(
                value = "The NATS server.",
                range =
                        "tls://host:port, or nats://host:port where the host is this one or parley.bridge.insecure is true; no user and no password")
        @WithDefault("nats://127.0.0.1:4222")
        String url();

        @Doc(
                value =
                        "Whether a server on another host may be reached without TLS: everybody on the way reads the messages.",
                range = "true, false")
        @WithDefault("false")
        boolean insecure();

        @Doc(
                value = "What the subjects of this node begin with; each node needs one of its own.",
                range = "letters, digits, _ and -, in parts separated by dots; at most 64 characters")
        @WithDefault("parley")
        String prefix();

        @Doc(
                value = "Whether streams that are missing are made. Otherwise the log says how to make them.",
                range = "true, false")
        @WithDefault("false")
        boolean createStreams();

        @Doc("File with the credentials (user JWT and NKey seed) for the server. Unset: none are shown.")
        Optional<Path> credentialsFile();

        @Doc("File whose first line is the token for the server. Unset: none is shown.")
        Optional<Path> tokenFile();

        @Doc("PEM file with the certificates that a TLS server is believed by. Unset: those of the Java runtime.")
        Optional<Path> trustFile();
    }

    /** Traces for OpenTelemetry (TRACING.md). */
    interface Trace {
        @Doc(
                value = "Whether the way of messages is traced, and the spans are sent to an OpenTelemetry collector.",
                range = "true, false")
        @WithDefault("false")
        boolean enabled();

        @Doc(
                value = "Where spans go, by OTLP over HTTP, as protobuf.",
                range =
                        "https://host:port/path, or http:// where the host is this one or parley.trace.insecure is true; no user and no password")
        @WithDefault("http://127.0.0.1:4318/v1/traces")
        String endpoint();

        @Doc(
                value =
                        "Whether a collector on another host may be reached without TLS: everybody on the way reads who sends to whom, when and how much.",
                range = "true, false")
        @WithDefault("false")
        boolean insecure();

        @Doc(
                value =
                        "Which part of the messages is traced, of those whose request says nothing of a trace of its own.",
                min = "0",
                max = "1")
        @WithDefault("1")
        double sampleRatio();

        @Doc(
                value =
                        "Whether a message that a peer traces is traced here too, whatever parley.trace.sample-ratio says. Otherwise that alone decides; what is traced is in the peer's trace in either case.",
                range = "true, false")
        @WithDefault("false")
        boolean followPeers();
    }

    /** net.log. */
    interface Audit {
        @Doc(value = "Size at which net.log is rotated.", min = "64K", max = "16G")
        @WithDefault("64M")
        MemorySize rotateSize();

        @Doc(
                value = "Rotated files kept (net.log.1 is the newest); older ones are deleted.",
                unit = "files",
                min = "1",
                max = "10000")
        @WithDefault("16")
        int rotateKeep();

        @Doc(
                value = "Events that may wait to be written; beyond, whoever causes events waits.",
                unit = "events",
                min = "16",
                max = "1000000")
        @WithDefault("8192")
        int queue();

        @Doc(value = "Memory of the events that may wait to be written.", min = "1M", max = "4G")
        @WithDefault("64M")
        MemorySize queueBytes();

        @Doc(
                value = "How often at the most peers are told what the log has come to, to witness it.",
                min = "10s",
                max = "1d")
        @WithDefault("60s")
        Duration witnessEvery();

        @Doc(
                value =
                        "How often the node verifies its own net.log, all files of it, as `parley audit verify` does; the first time ten minutes after its start at the latest.",
                min = "1s",
                max = "30d")
        @WithDefault("24h")
        Duration verifyEvery();

        @Doc(
                value =
                        "What happens when net.log cannot be written. `stop`: sessions are closed and none are taken until it can. `continue`: the node goes on; what was not logged is counted.",
                range = "stop, continue")
        @WithDefault("stop")
        AuditFailure onFailure();

        Strangers strangers();
    }

    /** How much of net.log those get who connect and prove no key. */
    interface Strangers {
        @Doc(
                value =
                        "Time over which connections whose peer proves no key are counted, for one IPv4 address or IPv6 /64.",
                min = "1s",
                max = "1h")
        @WithDefault("10s")
        Duration window();

        @Doc(
                value =
                        "Of these connections, how many of one address are logged in full in a window; the events of the others are summed up in one line.",
                unit = "connections",
                min = "0",
                max = "1000000")
        @WithDefault("5")
        int connections();

        @Doc(
                value = "Addresses that are told apart in a window; what comes from further ones is one sum.",
                unit = "addresses",
                min = "0",
                max = "65536")
        @WithDefault("128")
        int addresses();

        @Doc(
                value =
                        "Of these connections, how many of all addresses together are logged in full in a window; and as many again of those whose peer proves a key and is not let in.",
                unit = "connections",
                min = "0",
                max = "1000000")
        @WithDefault("32")
        int total();
    }

    /** Stopping. */
    interface Shutdown {
        @Doc(
                value =
                        "Time from the signal to end to the end of the process, at the most: for acknowledgements that are under way, for closing sessions and for writing to the disk. Set what supervises the node (`terminationGracePeriodSeconds`, `TimeoutStopSec`) to more. At least 10 s and what `quarkus.shutdown.timeout` and `quarkus.shutdown.delay` take.",
                min = "10s",
                max = "10m")
        @WithDefault("15s")
        Duration grace();

        @Doc(
                value =
                        "In how long peers are told to expect the node back when it stops; they dial it no earlier. In whole seconds, rounded up; 0s tells them nothing.",
                min = "0s",
                max = "5m")
        @WithDefault("5s")
        Duration back();
    }
}
