package dev.parley.lab.control.weak;

import static dev.parley.lab.control.weak.DoorKeys.join;

import dev.parley.lab.Defence;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A peer that answers: it knows its callers by their X25519 keys, lets them in and keeps what they say. Each of its defences can be
 * left out.
 *
 * <pre>
 * frame    u32 length | body
 * hello    'H' | u8 version = 1 | instance[8] | caller's key[44] | caller's ephemeral key[44]
 * answer   door's key[44] | door's ephemeral key[44] | session id[16]
 * proof    sealed: any bytes                 welcome   sealed: 'W'
 * record   sealed: 'M' text, 'K' ephemeral key[44] or nothing; each is answered by a sealed one: 'O' or 'K' key
 * resume   'R' | session id[16], only without FRESH_SECRETS: answered by what waits for the caller of that session
 * </pre>
 */
public final class Door implements AutoCloseable {
    /** The defences that it can do without. */
    public static final Set<Defence> SWITCHES = Set.of(
            Defence.REVOCATION,
            Defence.FRESH_SECRETS,
            Defence.AUTHENTICATION,
            Defence.MUTUAL_SECRETS,
            Defence.FORWARD_SECRECY,
            Defence.RATCHET,
            Defence.INTEGRITY,
            Defence.DEADLINES,
            Defence.CAPS,
            Defence.LENGTH_LIMITS,
            Defence.APPROVAL,
            Defence.QUOTAS,
            Defence.DUPLICATE_DETECTION);

    static final int HELLO = 'H';
    static final int RESUME = 'R';
    static final int VERSION = 1;
    static final int INSTANCE = 8;
    static final int ID = 16;

    private static final int LONGEST = 64 << 10;
    /** Even a control does not take the lab's memory away. */
    private static final int LONGEST_WITHOUT_LIMIT = 16 << 20;

    private static final int HALF_OPEN = 16;
    private static final int HALF_OPEN_OF_ADDRESS = 4;
    private static final int DEADLINE_MILLIS = 3_000;
    private static final int KEPT_OF_CALLER = 32;
    private static final int WAITING_STRANGERS = 4;

    private final Set<Defence> without;
    private final KeyPair key = Curve.generate();
    private final ServerSocket server;
    private final SecureRandom random = new SecureRandom();
    private final Set<String> approved = ConcurrentHashMap.newKeySet();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final Set<String> waitingForApproval = ConcurrentHashMap.newKeySet();
    private final Map<String, String> messagesFor = new ConcurrentHashMap<>();
    private final Map<String, String> sessions = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> instances = new ConcurrentHashMap<>();
    private final List<Said> said = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final Set<Socket> halfOpen = new LinkedHashSet<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong counter = new AtomicLong(1_000);

    /** @param caller in hex, as the door believes */
    public record Said(String caller, String text) {}

    private Door(Set<Defence> without, ServerSocket server) {
        this.without = Set.copyOf(without);
        this.server = server;
    }

    /** @param without what it does without */
    public static Door open(Set<Defence> without) throws IOException {
        Door door = new Door(without, new ServerSocket(0, 256, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("door").start(door::accept);
        return door;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    public Set<Defence> without() {
        return without;
    }

    /** The key that it is known by; the private half is there to be stolen. */
    public KeyPair key() {
        return key;
    }

    /** Lets a caller in from now on. */
    public void approve(byte[] caller) {
        approved.add(name(caller));
    }

    /** Lets a caller in no longer, approved or not. */
    public void revoke(byte[] caller) {
        revoked.add(name(caller));
    }

    /** Keeps a message for a caller. */
    public void leaveFor(byte[] caller, String text) {
        messagesFor.put(name(caller), text);
    }

    /** What callers have said. */
    public List<Said> said() {
        return List.copyOf(said);
    }

    /** What its operator is told. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Unknown callers that are kept for the operator to decide about. */
    public int waitingForApproval() {
        return waitingForApproval.size();
    }

    /** Bytes of memory given to frames that have not come yet. */
    public long reserved() {
        return reserved.get();
    }

    /** How it names a caller. */
    public static String name(byte[] caller) {
        return HexFormat.of().formatHex(caller, caller.length - 32, caller.length);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : open) {
            each.close();
        }
    }

    private boolean has(Defence defence) {
        return !without.contains(defence);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket caller = server.accept();
                open.add(caller);
                if (takeSlot(caller)) {
                    Thread.ofVirtual().start(() -> serve(caller));
                } else {
                    caller.close();
                    open.remove(caller);
                }
            } catch (IOException e) {
                // Closed: the loop's condition ends it.
            }
        }
    }

    /** Handshakes have {@value #HALF_OPEN} places. */
    private boolean takeSlot(Socket caller) throws IOException {
        synchronized (halfOpen) {
            halfOpen.removeIf(Socket::isClosed);
            if (has(Defence.CAPS)) {
                Map<InetAddress, List<Socket>> byAddress = new HashMap<>();
                halfOpen.forEach(each -> byAddress
                        .computeIfAbsent(each.getInetAddress(), address -> new ArrayList<>())
                        .add(each));
                List<Socket> mostly = byAddress.values().stream()
                        .max((one, other) -> Integer.compare(one.size(), other.size()))
                        .orElse(List.of());
                List<Socket> same = byAddress.getOrDefault(caller.getInetAddress(), List.of());
                if (same.size() >= HALF_OPEN_OF_ADDRESS) {
                    displace(same.getFirst());
                } else if (halfOpen.size() >= HALF_OPEN) {
                    displace(mostly.getFirst());
                }
            }
            return halfOpen.size() < HALF_OPEN && halfOpen.add(caller);
        }
    }

    private void displace(Socket oldest) throws IOException {
        halfOpen.remove(oldest);
        oldest.close();
    }

    private void serve(Socket socket) {
        try (socket) {
            if (has(Defence.DEADLINES)) {
                Thread.ofVirtual().start(() -> giveUpLater(socket));
            }
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] hello = read(in);
            if (hello.length == 1 + ID && hello[0] == RESUME && !has(Defence.FRESH_SECRETS)) {
                resume(hello, out);
            } else if (hello.length == 2 + INSTANCE + 2 * Curve.PUBLIC && hello[0] == HELLO) {
                handshake(socket, hello, in, out);
            }
        } catch (IOException | GeneralSecurityException e) {
            // The caller is gone, or its key is none: nothing to be done for it.
        } finally {
            open.remove(socket);
            synchronized (halfOpen) {
                halfOpen.remove(socket);
            }
        }
    }

    private void giveUpLater(Socket socket) {
        try {
            Thread.sleep(DEADLINE_MILLIS);
            boolean late;
            synchronized (halfOpen) {
                late = halfOpen.remove(socket);
            }
            if (late) {
                socket.close();
            }
        } catch (IOException | InterruptedException e) {
            // It is gone either way.
        }
    }

    private byte[] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > (has(Defence.LENGTH_LIMITS) ? LONGEST : LONGEST_WITHOUT_LIMIT)) {
            throw new IOException("too long");
        }
        byte[] body = new byte[length];
        reserved.addAndGet(length);
        try {
            in.readFully(body);
            return body;
        } finally {
            reserved.addAndGet(-length);
        }
    }

    private static void write(DataOutputStream out, byte[] body) throws IOException {
        out.write(join(ByteBuffer.allocate(Integer.BYTES).putInt(body.length).array(), body));
    }

    private void resume(byte[] hello, DataOutputStream out) throws IOException {
        String caller = sessions.get(HexFormat.of().formatHex(hello, 1, 1 + ID));
        if (caller != null) {
            write(out, messagesFor.getOrDefault(caller, "").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void handshake(Socket socket, byte[] hello, DataInputStream in, DataOutputStream out)
            throws IOException, GeneralSecurityException {
        if (hello[1] != VERSION && has(Defence.AUTHENTICATION)) {
            return;
        }
        byte[] instance = Arrays.copyOfRange(hello, 2, 2 + INSTANCE);
        byte[] caller = Arrays.copyOfRange(hello, 2 + INSTANCE, 2 + INSTANCE + Curve.PUBLIC);
        byte[] callerEphemeral = Arrays.copyOfRange(hello, 2 + INSTANCE + Curve.PUBLIC, hello.length);
        KeyPair ephemeral = Curve.generate();
        byte[] id = sessionId();
        byte[] answer = join(key.getPublic().getEncoded(), ephemeral.getPublic().getEncoded(), id);
        write(out, answer);
        byte[] authenticating = !has(Defence.AUTHENTICATION)
                ? new byte[0]
                : Curve.agree(has(Defence.MUTUAL_SECRETS) ? ephemeral.getPrivate() : key.getPrivate(), caller);
        DoorKeys keys = DoorKeys.of(
                without,
                join(hello, answer),
                Curve.agree(key.getPrivate(), callerEphemeral),
                authenticating,
                has(Defence.FORWARD_SECRECY) ? Curve.agree(ephemeral.getPrivate(), callerEphemeral) : new byte[0]);
        if (keys.open(true, 0, read(in)) == null || !letIn(name(caller))) {
            return;
        }
        synchronized (halfOpen) {
            halfOpen.remove(socket);
        }
        noticeInstance(name(caller), HexFormat.of().formatHex(instance));
        sessions.put(HexFormat.of().formatHex(id), name(caller));
        write(out, keys.seal(false, 0, new byte[] {'W'}));
        try {
            talk(name(caller), keys, in, out);
        } finally {
            instances.get(name(caller)).remove(HexFormat.of().formatHex(instance));
        }
    }

    private byte[] sessionId() {
        byte[] id = new byte[ID];
        if (has(Defence.FRESH_SECRETS)) {
            random.nextBytes(id);
        } else {
            ByteBuffer.wrap(id).putLong(Long.BYTES, counter.getAndIncrement());
        }
        return id;
    }

    private boolean isRevoked(String caller) {
        return has(Defence.REVOCATION) && revoked.contains(caller);
    }

    private boolean letIn(String caller) {
        if (isRevoked(caller)) {
            return false;
        }
        if (!has(Defence.APPROVAL) || approved.contains(caller)) {
            return true;
        }
        if (!has(Defence.CAPS) || waitingForApproval.size() < WAITING_STRANGERS) {
            waitingForApproval.add(caller);
        }
        return false;
    }

    private void noticeInstance(String caller, String instance) {
        Set<String> live = instances.computeIfAbsent(caller, each -> ConcurrentHashMap.newKeySet());
        live.add(instance);
        if (live.size() > 1 && has(Defence.DUPLICATE_DETECTION)) {
            warnings.add("two live callers have the key " + caller);
        }
    }

    private void talk(String caller, DoorKeys keys, DataInputStream in, DataOutputStream out)
            throws IOException, GeneralSecurityException {
        for (long n = 1; ; n++) {
            byte[] record = keys.open(true, n, read(in));
            if (record == null || record.length == 0 || isRevoked(caller)) {
                return;
            }
            if (record[0] == 'K' && record.length == 1 + Curve.PUBLIC && has(Defence.RATCHET)) {
                KeyPair fresh = Curve.generate();
                write(
                        out,
                        keys.seal(
                                false,
                                n,
                                join(new byte[] {'K'}, fresh.getPublic().getEncoded())));
                keys.ratchet(Curve.agree(fresh.getPrivate(), Arrays.copyOfRange(record, 1, record.length)));
                continue;
            }
            // Without integrity nobody can tell a kind from noise: all is text.
            if (record[0] == 'M' || !has(Defence.INTEGRITY)) {
                keep(caller, new String(record, 1, record.length - 1, StandardCharsets.UTF_8));
            }
            write(out, keys.seal(false, n, new byte[] {'O'}));
        }
    }

    private void keep(String caller, String text) {
        long kept = said.stream().filter(each -> each.caller().equals(caller)).count();
        if (!has(Defence.QUOTAS) || kept < KEPT_OF_CALLER) {
            said.add(new Said(caller, text));
        }
    }
}
