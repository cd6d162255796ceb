package dev.parley.lab.attack.stranger;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Caller;
import dev.parley.lab.control.weak.Curve;
import dev.parley.lab.control.weak.Door;
import dev.parley.lab.foe.Guest;
import dev.parley.lab.foe.Handmade;
import dev.parley.lab.foe.Line;
import dev.parley.lab.foe.Line.Answer;
import dev.parley.lab.foe.Line.Kind;
import dev.parley.lab.foe.Seen;
import dev.parley.lab.foe.Source;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Frame;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.XWing;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Guesses the id of somebody else's session, fixes that of one to come, and comes with one that is known. */
public final class SessionIds implements Attack {
    private static final int NUMBER = 12;
    private static final int GUESSES = 64;
    private static final int SAMPLES = 8;
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "session-id",
            "session ids: guessed, fixed, or known",
            Position.STRANGER,
            "Sessions of its own, whose ids it sees; for the last step the id of a live session between two others.",
            List.of(
                    "Collect the ids of sessions of one's own and look whether they count up, repeat or share their bytes.",
                    "Do two handshakes with the same ephemeral key and the same identity, to fix the id of the second.",
                    "Come with the id of a live session: as a record, behind a HELLO, and as an identity."),
            "Where an id opens a session, to know it is to have the session: ids that count up are guessed, ids that the client may choose are"
                    + " fixed in advance. In PSP/1 an id is derived from secrets of both sides and names a session in logs; no message takes one.",
            List.of(
                    "CWE-330, CWE-384 (session fixation)",
                    "Kolsek: Session Fixation Vulnerability in Web-based Applications, 2002"),
            "a door that numbers its sessions, and gives what waits to whoever knows a number",
            Set.of(Defence.FRESH_SECRETS),
            List.of(Defence.FRESH_SECRETS, Defence.TRANSCRIPT, Defence.AUTHENTICATION),
            "REJECT 2 or the end of TCP",
            Set.of("HANDSHAKE_FAILED"),
            "stranger-session-id",
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
            KeyPair mallory = Curve.generate();
            door.approve(alice.getPublic().getEncoded());
            door.leaveFor(alice.getPublic().getEncoded(), "for alice alone");
            byte[] own;
            try (Caller first = new Caller(door.address(), without)) {
                // Not let in, and yet an id was told.
                first.enter(Caller.Claim.of(mallory));
                own = first.sessionId();
            }
            try (Caller honest = new Caller(door.address(), without)) {
                if (!honest.enter(Caller.Claim.of(alice))) {
                    return Trial.unclear("the door did not let alice in");
                }
                ByteBuffer next = ByteBuffer.wrap(own);
                for (int i = 1; i <= GUESSES; i++) {
                    byte[] guess = next.array().clone();
                    ByteBuffer.wrap(guess).putLong(Long.BYTES, next.getLong(Long.BYTES) + i);
                    try (Caller thief = new Caller(door.address(), without)) {
                        String got = thief.resume(guess);
                        if (got != null) {
                            journal.attacker("guess " + i + " was right, and got: " + got);
                            return Trial.succeeded("guess " + i + " of a session id got what waited for alice");
                        }
                    }
                }
                return Trial.failed(GUESSES + " guesses from an id of its own got nothing");
            }
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        Source source = Source.fresh(NUMBER);
        IdentityKey key = Guest.newKey();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            try (Guest guest = Guest.join(bob.address(), source, key, "mallory")) {
                ids.add(guest.session());
            }
        }
        journal.attacker("has had " + ids.size() + " sessions: " + ids.getFirst() + ", " + ids.get(1) + ", ...");
        if (new HashSet<>(ids).size() < SAMPLES || shareBytes(ids)) {
            return Trial.succeeded("ids of sessions repeat, or share bytes: " + ids);
        }
        if (isFixed(bob, source, key, journal)) {
            return Trial.succeeded("the same ephemeral key made the same session id twice");
        }
        Map<?, ?> live = Seen.sessions(bob, stand.alice().peerId()).getFirst();
        UUID known = UUID.fromString(live.get("sessionId").toString());
        byte[] id = ByteBuffer.allocate(16)
                .putLong(known.getMostSignificantBits())
                .putLong(known.getLeastSignificantBits())
                .array();
        for (Frame frame : withId(id)) {
            try (Line line = Line.to(bob.address(), source)) {
                line.send(frame);
                Answer answer = line.await(Handmade.PATIENCE);
                journal.defender("answers alice's session id in a frame of type " + frame.type() + " with " + answer);
                if (answer.kind() == Kind.FRAME && answer.rejected() < 0) {
                    return Trial.succeeded("bob answers a session id with " + answer);
                }
                if (answer.kind() == Kind.SILENCE) {
                    return Trial.unclear("bob does not answer a session id, and does not end the connection");
                }
            }
        }
        List<Map<?, ?>> after = Seen.sessions(bob, stand.alice().peerId());
        if (after.size() != 1 || !after.getFirst().get("sessionId").equals(live.get("sessionId"))) {
            return Trial.succeeded("alice's session is not what it was: " + after);
        }
        return Trial.failed(
                "ids are unpredictable, cannot be fixed, and open nothing; alice's session lives on",
                Seen.failedHandshake(bob, source, 2));
    }

    /** In a UUIDv8 six bits are fixed; beyond these two ids agree in a byte by chance alone, and not all in the same. */
    private static boolean shareBytes(List<UUID> ids) {
        long same = -1;
        long alike = -1;
        for (UUID each : ids) {
            same &= ~(each.getMostSignificantBits() ^ ids.getFirst().getMostSignificantBits());
            alike &= ~(each.getLeastSignificantBits() ^ ids.getFirst().getLeastSignificantBits());
        }
        // Of 122 random bits in 8 samples one is the same in all with 1/128: 12 or more with less than one in a million
        // million.
        return Long.bitCount(same & ~0xF000L) + Long.bitCount(alike & ~(0b11L << 62)) >= 12;
    }

    /** Everything that the initiator contributes is the same both times. */
    private static boolean isFixed(LiveNode bob, Source source, IdentityKey key, Journal journal) throws Exception {
        byte[][] ids = new byte[2][];
        byte[] secret = new byte[32];
        try (XWing.KeyPair ephemeral = XWing.generate(new SecureRandom())) {
            for (int i = 0; i < ids.length; i++) {
                try (Handmade foe = Handmade.dial(bob.address(), source).hello(ephemeral)) {
                    ids[i] = foe.complete(key, secret);
                }
            }
        }
        journal.attacker("does two handshakes with the same keys and secrets");
        return Arrays.equals(ids[0], ids[1]);
    }

    private static List<Frame> withId(byte[] id) {
        byte[] record = new byte[64];
        System.arraycopy(id, 0, record, 0, id.length);
        byte[] identify = new byte[128];
        identify[1] = (byte) id.length;
        System.arraycopy(id, 0, identify, 2, id.length);
        byte[] hello = new byte[1_219 + id.length];
        hello[0] = 1;
        hello[1] = 1;
        hello[2] = 2;
        System.arraycopy(id, 0, hello, hello.length - id.length, id.length);
        return List.of(
                Frame.of(Frame.RECORD, record), Frame.of(Frame.IDENTIFY, identify), Frame.of(Frame.HELLO, hello));
    }
}
