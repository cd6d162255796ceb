package dev.parley.lab.attack.thief;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Caller;
import dev.parley.lab.control.weak.Curve;
import dev.parley.lab.control.weak.Door;
import dev.parley.lab.control.weak.DoorKeys;
import dev.parley.lab.foe.Transcript;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Frame;
import dev.parley.lab.wire.Relay;
import dev.parley.lab.wire.Script;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Hash;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.KeyTransport;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.crypto.XWing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Records a session, and steals the identity keys of both sides afterwards. */
public final class StolenKeyRecording implements Attack {
    private static final int NUMBER = 18;
    private static final String TEXT = "recorded today, to be read when the keys are stolen";
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "stolen-key-recording",
            "recorded traffic, and both identity keys stolen later",
            Position.THIEF,
            "A recording of a whole session, and the identity.pem of both nodes, without a passphrase.",
            List.of(
                    "Have a relay record a session, and a message in it.",
                    "Read the identity keys of both nodes from their disks.",
                    "Go through the handshake as its two sides did, with what a thief can put in the place of the ephemeral secret: nothing, zeros,"
                            + " what is public of it, and what the stolen keys make of every part of the recording.",
                    "Try to open ACCEPT, the wraps, and every record with each."),
            "Where a session's key goes over the wire under a long-lived key, that key opens the past. In PSP/1 even the wraps are sealed under keys"
                    + " that an X-Wing secret has entered, whose private half existed for the length of a handshake in one memory: the stolen keys"
                    + " have nothing to be applied to. A thief of these keys can be their owners from now on, which is another matter.",
            List.of(
                    "Diffie, van Oorschot, Wiener: Authentication and Authenticated Key Exchanges, 1992 (perfect forward secrecy)",
                    "RFC 8446 appendix E.1 (why TLS 1.3 has no RSA key transport)"),
            "a door whose keys follow from the long-lived ones and what is on the wire",
            Set.of(Defence.FORWARD_SECRECY),
            List.of(Defence.FORWARD_SECRECY, Defence.RATCHET),
            "no close: nothing was done to it",
            Set.of("SESSION_UP", "MESSAGE_RECEIVED"),
            "thief-recorded",
            Duration.ofSeconds(60));

    @Override
    public Dossier dossier() {
        return DOSSIER;
    }

    @Override
    public Set<Defence> concerns() {
        return Door.SWITCHES;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        try (Door door = Door.open(without)) {
            KeyPair alice = Curve.generate();
            door.approve(alice.getPublic().getEncoded());
            try (Caller caller = new Caller(door.address(), without)) {
                if (!caller.enter(Caller.Claim.of(alice)) || !caller.say(TEXT)) {
                    return Trial.unclear("the door did not take an honest message");
                }
                // From here on: the recording, and both private keys. Nothing else of either side is looked at.
                byte[] hello = caller.sent().getFirst();
                byte[] answer = caller.heard().getFirst();
                byte[] callerEphemeral = Arrays.copyOfRange(hello, hello.length - Curve.PUBLIC, hello.length);
                byte[] doorEphemeral = Arrays.copyOfRange(answer, Curve.PUBLIC, 2 * Curve.PUBLIC);
                byte[] transcript = ByteBuffer.allocate(hello.length + answer.length)
                        .put(hello)
                        .put(answer)
                        .array();
                DoorKeys keys = DoorKeys.of(
                        without,
                        transcript,
                        Curve.agree(door.key().getPrivate(), callerEphemeral),
                        Curve.agree(alice.getPrivate(), doorEphemeral));
                byte[] record = keys.open(true, 1, caller.sent().get(2));
                String read = record == null ? "" : new String(record, StandardCharsets.UTF_8);
                journal.attacker(
                        record == null ? "computes keys that open nothing" : "reads from the recording: " + read);
                return read.contains(TEXT)
                        ? Trial.succeeded("both stolen keys opened the recorded message")
                        : Trial.failed("the stolen keys opened nothing of the recording");
            }
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode alice = stand.alice();
        LiveNode bob = stand.bob();
        try (Relay relay = Relay.before(bob.address(), () -> Script.HONEST)) {
            stand.meet(relay.address());
            String id = stand.deliver(alice, bob, TEXT);
            Relay.Tape tape = relay.tapes().stream()
                    .filter(each -> !records(each, Direction.OUT).isEmpty())
                    .reduce((first, last) -> last)
                    .orElseThrow(() -> new IllegalStateException("the relay has recorded no session"));
            List<IdentityKey> stolen = new ArrayList<>();
            for (LiveNode each : List.of(alice, bob)) {
                stolen.add(IdentityKey.fromPem(
                        Files.readString(each.dataDirectory().resolve("identity.pem"))));
            }
            journal.attacker("has " + tape.bytes(Direction.OUT).length + " and " + tape.bytes(Direction.BACK).length
                    + " recorded bytes, and both identity keys");
            List<byte[]> guesses = guesses(tape, stolen);
            Optional<String> opened = open(tape, guesses, stolen);
            journal.attacker("has tried " + guesses.size() + " secrets in the place of the ephemeral one");
            if (opened.isPresent()) {
                return Trial.succeeded("the stolen keys opened " + opened.get());
            }
            if (contains(tape.bytes(Direction.OUT), TEXT.getBytes(StandardCharsets.UTF_8))) {
                return Trial.succeeded("the message is in the recording as it is");
            }
            return Trial.failed(
                    "with both identity keys, and " + guesses.size()
                            + " secrets that a thief can compute, neither a wrap nor a record opened",
                    Trial.line(bob.name(), "SESSION_UP"),
                    Trial.line(bob.name(), "MESSAGE_RECEIVED", "message", id));
        }
    }

    /** Everything of 32 bytes that follows from the recording and the stolen keys. */
    private static List<byte[]> guesses(Relay.Tape tape, List<IdentityKey> stolen) {
        byte[] hello = frame(tape, Direction.OUT, Frame.HELLO).body();
        byte[] accept = frame(tape, Direction.BACK, Frame.ACCEPT).body();
        byte[] key = Arrays.copyOfRange(hello, hello.length - XWing.PUBLIC_KEY, hello.length);
        byte[] ciphertext = Arrays.copyOfRange(accept, 1, 1 + XWing.CIPHERTEXT);
        List<byte[]> guesses = new ArrayList<>(List.of(
                new byte[0],
                new byte[32],
                Hash.sha256(key),
                Hash.sha256(ciphertext),
                Hash.sha256(key, ciphertext),
                Arrays.copyOfRange(key, key.length - 32, key.length),
                Arrays.copyOfRange(ciphertext, ciphertext.length - 32, ciphertext.length)));
        for (Secret seed : List.of(Secret.own(new byte[32]), Secret.own(Hash.sha256(key)))) {
            try (seed;
                    Secret shared = XWing.decapsulate(seed, ciphertext)) {
                guesses.add(shared.reveal().clone());
            } catch (CryptoException e) {
                // Not even a wrong secret.
            }
        }
        for (IdentityKey each : stolen) {
            guesses.add(Hash.sha256(each.toPem().getBytes(StandardCharsets.US_ASCII)));
            int length = KeyTransport.wrapLength(each.publicKey());
            for (Direction direction : Direction.values()) {
                for (Frame frame : tape.frames(direction)) {
                    byte[] body = frame.body();
                    // Where a wrap might be if it were not sealed: at the beginning, behind a length, at the end.
                    for (int at : new int[] {0, 2, body.length - length}) {
                        if (at >= 0 && at + length <= body.length) {
                            guesses.add(unwrapped(each, Arrays.copyOfRange(body, at, at + length)));
                        }
                    }
                }
            }
        }
        return guesses;
    }

    private static byte[] unwrapped(IdentityKey key, byte[] wrap) {
        try (Secret secret = KeyTransport.unwrap(key, wrap, Crypto.jdk(), new SecureRandom())) {
            return secret.reveal().clone();
        }
    }

    /** Plays both sides of the handshake with each guess. @return what opened first */
    private static Optional<String> open(Relay.Tape tape, List<byte[]> guesses, List<IdentityKey> stolen) {
        Frame hello = frame(tape, Direction.OUT, Frame.HELLO);
        byte[] accept = frame(tape, Direction.BACK, Frame.ACCEPT).body();
        Suite suite = Suite.of(accept[0]).orElseThrow();
        for (byte[] guess : guesses) {
            Transcript transcript = new Transcript(new SecureRandom());
            transcript.mixHash(hello.body());
            transcript.suite(suite);
            transcript.mixHash(new byte[] {accept[0]}, Arrays.copyOfRange(accept, 1, 1 + XWing.CIPHERTEXT));
            transcript.mixKey(guess);
            try {
                transcript.open(Arrays.copyOfRange(accept, 1 + XWing.CIPHERTEXT, accept.length));
                return Optional.of("ACCEPT, and what is sealed like it");
            } catch (CryptoException e) {
                // As it should be. The traffic keys that would follow are tried all the same.
            }
            for (IdentityKey each : stolen) {
                Transcript further = transcript.copy();
                further.mixKey(unwrapped(each, new byte[KeyTransport.wrapLength(each.publicKey())]));
                if (opensRecord(tape, further.split()) || opensRecord(tape, transcript.split())) {
                    return Optional.of("a record");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean opensRecord(Relay.Tape tape, Transcript.Traffic keys) {
        for (Direction direction : Direction.values()) {
            long n = 0;
            for (Frame each : records(tape, direction)) {
                if (keys.open(direction == Direction.OUT, n++, each.bytes()) != null) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Frame> records(Relay.Tape tape, Direction direction) {
        return tape.frames(direction).stream()
                .filter(each -> each.is(Frame.RECORD))
                .toList();
    }

    private static Frame frame(Relay.Tape tape, Direction direction, int type) {
        return tape.frames(direction).stream()
                .filter(each -> each.is(type))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the recording has no frame of type " + type));
    }

    private static boolean contains(byte[] all, byte[] part) {
        return new String(all, StandardCharsets.ISO_8859_1).contains(new String(part, StandardCharsets.ISO_8859_1));
    }
}
