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
import dev.parley.lab.foe.Seen;
import dev.parley.lab.foe.Source;
import dev.parley.lab.foe.Stranger;
import dev.parley.lab.foe.Texts;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Frame;
import dev.parley.protocol.crypto.XWing;
import dev.parley.protocol.wire.Record;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks for versions, suites, frames and kinds that the victim should not know. */
public final class Probing implements Attack {
    private static final int NUMBER = 16;
    private static final int[] VERSIONS = {0, 2, 3, 16, 127, 128, 254, 255};
    private static final int[] TYPES = {0x00, 0x05, 0x0A, 0x0D, 0x11, 0x16, 0x47, 0x7F, 0x80, 0xFE, 0xFF};
    private static final int[] KINDS = {0x0F, 0x15, 0x1F, 0x40, 0x7F, 0x80, 0xFE, 0xFF};
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "probe",
            "other versions, suites, frames and kinds",
            Position.STRANGER,
            "Nothing but the address; for the last step a key that the victim trusts.",
            List.of(
                    "Send HELLOs of other versions, and with suites that are unknown or none at all: is an older or weaker way still spoken?",
                    "Send frames of types that do not exist.",
                    "Inside of a session send records of kinds that do not exist, and then a message: does it still come?"),
            "What was once spoken and never taken out is spoken with whoever asks for it: SSL 2 let TLS sessions be decrypted years later. PSP/1 has"
                    + " one version and two suites of the same strength; nobody tries again with less.",
            List.of(
                    "Aviram et al.: DROWN, USENIX Security 2016",
                    "Moeller, Duong, Kotowicz: This POODLE Bites, 2014",
                    "RFC 9170 (extension points that are not used)"),
            "a door that still speaks version 0, in which a key is believed",
            Set.of(Defence.AUTHENTICATION),
            List.of(Defence.TRANSCRIPT, Defence.AUTHENTICATION, Defence.LENGTH_LIMITS),
            "REJECT 1 to other versions and suites, always the same; REJECT 2 to unknown types",
            Set.of("HANDSHAKE_FAILED", "UNKNOWN_KIND"),
            "stranger-probe",
            Duration.ofSeconds(90));

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
            for (int version : VERSIONS) {
                try (Caller caller = new Caller(door.address(), without)) {
                    Caller.Claim claim = Caller.Claim.of(
                            alice.getPublic().getEncoded(), Curve.generate().getPrivate());
                    if (caller.enter(claim, version) && caller.say("in an old way")) {
                        return Trial.succeeded("the door speaks version " + version + ", and believes whom it hears");
                    }
                }
            }
            return Trial.failed("the door speaks no version but its own");
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        Source source = Source.fresh(NUMBER);
        byte[] key = XWing.generate(new SecureRandom()).publicKey();
        for (int version : VERSIONS) {
            Answer answer = ask(bob, source, Handmade.hello(version, new byte[] {2}, key));
            if (answer.rejected() != 1) {
                return unless("version " + version, answer);
            }
        }
        journal.defender("answers every version but 1 with REJECT 1");
        for (byte[] suites : new byte[][] {{0}, {3}, {(byte) 0xFF}, {0, 3, 4, 5, 6, 7, 8, 9}}) {
            Answer answer = ask(bob, source, Handmade.hello(1, suites, key));
            if (answer.rejected() != 1) {
                return unless("unknown suites", answer);
            }
        }
        journal.defender("answers suites that it does not know with REJECT 1");
        for (int type : TYPES) {
            Answer answer = ask(bob, source, Frame.of(type, new byte[1_219]));
            if (!answer.isEnd() && answer.rejected() != 2) {
                return unless("type " + type, answer);
            }
        }
        journal.defender("hangs up on types that do not exist");
        return inSession(bob, source, journal);
    }

    private static Trial inSession(LiveNode bob, Source source, Journal journal) throws IOException {
        try (Stranger known = new Stranger(bob).trusted("prober");
                Guest guest = Guest.join(bob.address(), source, known.key(), "prober")) {
            if (!guest.isLetIn(Handmade.PATIENCE)) {
                return Trial.unclear("bob does not let a trusted peer in");
            }
            for (int kind : KINDS) {
                guest.send(kind, new byte[] {1, 2, 3});
            }
            Record.Message message = Texts.direct("after kinds that do not exist");
            Optional<Record.AckStatus> answer = guest.deliver(message, Handmade.PATIENCE);
            journal.defender("ignores unknown kinds, and acknowledges a message: " + answer);
            if (!answer.equals(Optional.of(Record.AckStatus.STORED))) {
                return Trial.unclear("after unknown kinds a message was answered with " + answer);
            }
            guest.leave();
            return Trial.failed(
                    "one version, two suites, known types; unknown kinds were ignored and changed nothing",
                    Seen.failedHandshake(bob, source, 1),
                    Trial.line(bob.name(), "UNKNOWN_KIND", "peer", known.peerId()));
        }
    }

    private static Answer ask(LiveNode bob, Source source, Frame frame) throws IOException {
        try (Line line = Line.to(bob.address(), source)) {
            line.send(frame);
            return line.await(Handmade.PATIENCE);
        }
    }

    private static Trial unless(String what, Answer answer) {
        return answer.is(Frame.ACCEPT)
                ? Trial.succeeded("bob goes on with " + what)
                : Trial.unclear(what + " was answered with " + answer);
    }
}
