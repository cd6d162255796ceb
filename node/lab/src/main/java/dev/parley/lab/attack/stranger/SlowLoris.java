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
import dev.parley.lab.foe.Source;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.protocol.crypto.XWing;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Says what is good, a byte at a time, so that its handshake never ends and never fails. */
public final class SlowLoris implements Attack {
    private static final int NUMBER = 14;
    /** Fewer than a node or a door has places for one address: it is not the caps that end them. */
    private static final int SLOW = 3;

    private static final Duration DRIBBLE = Duration.ofMillis(250);
    /** The control's deadline, which it does without, and some more. */
    private static final Duration DOOR_HOLDS = Duration.ofSeconds(5);
    /** A handshake's own deadline and some more. */
    private static final Duration GIVEN_UP_WITHIN = Duration.ofSeconds(16);

    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "slow-loris",
            "a good handshake, a byte every quarter of a second",
            Position.STRANGER,
            "An address.",
            List.of(
                    "Open three connections, fewer than one address may have.",
                    "On each send a good HELLO, a byte every quarter of a second: it would take five minutes.",
                    "See for how long the node keeps them."),
            "A deadline for the next byte, as servers often have, is met by a byte now and then: a place is held for as long as one likes, at a few"
                    + " bytes a minute. What ends it is a deadline for the handshake as a whole.",
            List.of("CVE-2007-6750 (slowloris)", "CVE-2020-13956"),
            "a door that waits for ever",
            Set.of(Defence.DEADLINES),
            List.of(Defence.DEADLINES, Defence.CAPS),
            "the end of TCP",
            Set.of("HANDSHAKE_FAILED", "QUOTA_EXCEEDED"),
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
        List<Caller> slow = new ArrayList<>();
        try (Door door = Door.open(without)) {
            for (int i = 0; i < SLOW; i++) {
                slow.add(new Caller(door.address(), without));
            }
            int left = SLOW;
            long deadline = System.nanoTime() + DOOR_HOLDS.toNanos();
            // The length of a frame's body, and then ever more of it.
            byte[] bytes = {0, 0, 4, 0};
            for (int at = 0; System.nanoTime() < deadline; at++) {
                left = 0;
                for (Caller each : slow) {
                    left += each.dribble(at < bytes.length ? bytes[at] : 0) ? 1 : 0;
                }
                Thread.sleep(DRIBBLE);
            }
            return left == SLOW
                    ? Trial.succeeded(SLOW + " connections dribble, and keep their places")
                    : Trial.failed((SLOW - left) + " of " + SLOW + " connections were given up");
        } finally {
            for (Caller each : slow) {
                each.close();
            }
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        Source source = Source.fresh(NUMBER);
        List<Line> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW; i++) {
                slow.add(Line.to(bob.address(), source));
            }
            String first = slow.getFirst().local();
            long begun = System.nanoTime();
            Thread loris = Thread.ofVirtual().start(() -> dribble(slow));
            journal.attacker("sends a HELLO on each of " + SLOW + " connections, a byte every 250 ms");
            int left = outlasting(slow, GIVEN_UP_WITHIN.minusNanos(System.nanoTime() - begun));
            loris.interrupt();
            if (left > 0) {
                return Trial.succeeded(left + " handshakes that dribble were not given up");
            }
            return Trial.failed(
                    "all " + SLOW + " were given up within "
                            + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s",
                    Trial.line(bob.name(), "HANDSHAKE_FAILED", "remote", first));
        } finally {
            for (Line each : slow) {
                each.close();
            }
        }
    }

    private static void dribble(List<Line> lines) {
        byte[] hello = Handmade.hello(
                        1, new byte[] {2}, XWing.generate(new SecureRandom()).publicKey())
                .bytes();
        try {
            for (byte each : hello) {
                for (Line line : lines) {
                    line.send(new byte[] {each});
                }
                Thread.sleep(DRIBBLE);
            }
        } catch (IOException | InterruptedException e) {
            // The attack is over.
        }
    }

    private static int outlasting(List<Line> lines, Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        int left = 0;
        for (Line line : lines) {
            Answer last = line.awaitEnd(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
            left += last.kind() == Kind.SILENCE ? 1 : 0;
        }
        return left;
    }
}
