package dev.parley.lab.attack.stranger;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Caller;
import dev.parley.lab.control.weak.Door;
import dev.parley.lab.foe.Handmade;
import dev.parley.lab.foe.Line;
import dev.parley.lab.foe.Line.Answer;
import dev.parley.lab.foe.Line.Kind;
import dev.parley.lab.foe.Seen;
import dev.parley.lab.foe.Source;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Announces frames of 16 MiB, and leaves the victim with the memory for them. */
public final class OversizedLengths implements Attack {
    private static final int NUMBER = 14;
    private static final int CONNECTIONS = 4;
    private static final int CLAIMED = 16 << 20;
    private static final int LONGEST = 0xFFFFFF;
    private static final long NOTEWORTHY = 1 << 20;
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "oversized",
            "a length of 16 MiB, and nothing behind it",
            Position.STRANGER,
            "Nothing but the address.",
            List.of(
                    "Send only the header of a frame, of each type, with the greatest length that fits in it.",
                    "Send headers whose length is one more than the type allows, and one less than it needs.",
                    "See whether the victim judges the header, or waits for what was announced."),
            "Whoever makes room for what is announced gives memory away for four bytes each. PSP/1 fixes least and most for each type, and a node"
                    + " judges type and length before it makes room.",
            List.of("CWE-789", "CVE-2022-41717 and many like it"),
            "a door that makes room for whatever length it is told",
            Set.of(Defence.LENGTH_LIMITS),
            List.of(Defence.LENGTH_LIMITS),
            "REJECT 2 as soon as the header is there",
            Set.of("HANDSHAKE_FAILED"),
            "stranger-flood",
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
    public boolean fromOutside() {
        return true;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        List<Caller> callers = new ArrayList<>();
        try (Door door = Door.open(without)) {
            for (int i = 0; i < CONNECTIONS; i++) {
                Caller caller = new Caller(door.address(), without);
                callers.add(caller);
                caller.raw(ByteBuffer.allocate(Integer.BYTES).putInt(CLAIMED).array());
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while (door.reserved() < NOTEWORTHY && System.nanoTime() < deadline) {
                Thread.sleep(5);
            }
            long reserved = door.reserved();
            journal.defender("has made room for " + reserved + " bytes");
            return reserved >= NOTEWORTHY
                    ? Trial.succeeded(
                            "the door made room for " + reserved + " bytes that were announced with " + 4 * CONNECTIONS)
                    : Trial.failed("the door judged the length and made no room");
        } finally {
            for (Caller each : callers) {
                each.close();
            }
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        Source source = Source.fresh(NUMBER);
        int[][] headers = {
            {Frame.HELLO, LONGEST},
            {Frame.ACCEPT, LONGEST},
            {Frame.IDENTIFY, LONGEST},
            {Frame.CONFIRM, LONGEST},
            {Frame.ALERT, LONGEST},
            {Frame.RECORD, LONGEST},
            {Frame.HELLO, 1_227},
            {Frame.HELLO, 1_218},
            {Frame.HELLO, 0}
        };
        for (int[] header : headers) {
            try (Line line = Line.to(bob.address(), source)) {
                line.send(header(header[0], header[1]));
                Answer answer = line.await(Handmade.PATIENCE);
                journal.defender(
                        "answers the header of type " + header[0] + ", length " + header[1] + ", with " + answer);
                if (answer.kind() == Kind.SILENCE) {
                    return Trial.succeeded(
                            "bob waits for a frame of type " + header[0] + " and " + header[1] + " bytes");
                }
                if (!answer.isEnd() && answer.rejected() != 2) {
                    return Trial.unclear("a header with an illegal length was answered with " + answer);
                }
            }
        }
        // Behind a good HELLO other lengths are legal: the one that may come is the next one.
        for (int length : new int[] {LONGEST, 16_385, 34}) {
            try (Handmade foe = Handmade.dial(bob.address(), source).hello()) {
                foe.line().send(header(Frame.IDENTIFY, length));
                Answer answer = foe.line().await(Handmade.PATIENCE);
                journal.defender("answers an IDENTIFY that is to have " + length + " bytes with " + answer);
                if (answer.kind() == Kind.SILENCE) {
                    return Trial.succeeded("bob waits for an IDENTIFY of " + length + " bytes");
                }
                if (!answer.isEnd() && answer.rejected() != 2) {
                    return Trial.unclear("an IDENTIFY with an illegal length was answered with " + answer);
                }
            }
        }
        return Trial.failed(
                "bob judged each header before its body, and hung up", Seen.failedHandshake(bob, source, 2));
    }

    private static byte[] header(int type, int length) {
        return new byte[] {(byte) type, (byte) (length >> 16), (byte) (length >> 8), (byte) length};
    }
}
