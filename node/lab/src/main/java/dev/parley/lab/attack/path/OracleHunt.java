package dev.parley.lab.attack.path;

import dev.parley.lab.Journal;
import dev.parley.lab.Trial;
import dev.parley.lab.foe.Texts;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Frame;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.handshake.Local;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Looks for a padding oracle at a node: a trusted peer's records, on the suite that has padding, are spoilt in different ways, and what
 * the node does is compared. The lab is that peer itself, so that there are as many sessions as the node's limits allow.
 */
final class OracleHunt {
    private static final int EACH = 16;
    private static final int DIALS = 40;
    private static final Duration BETWEEN_DIALS = Duration.ofMillis(150);
    private static final int SILENT_MILLIS = 5_000;
    private static final int TAG = 32;
    private static final int BLOCK = 16;
    /** Long enough for its record to be of a legal length with a block less: what a length says is no secret. */
    private static final String TEXT = "as long as it takes, ".repeat(10);

    private final Stand stand;
    private final Journal journal;
    private final IdentityKey key = IdentityKey.generate(2048, new SecureRandom());
    private final Map<Spoilt, List<String>> answers = new EnumMap<>(Spoilt.class);
    private final Map<Spoilt, List<Long>> times = new EnumMap<>(Spoilt.class);

    OracleHunt(Stand stand, Journal journal) {
        this.stand = stand;
        this.journal = journal;
    }

    /** What is done to a record. */
    private enum Spoilt {
        TAG_FLIPPED {
            @Override
            Frame spoil(Frame frame) {
                return frame.flipped(-1, 1);
            }
        },
        PADDING_FLIPPED {
            @Override
            Frame spoil(Frame frame) {
                // The last byte of the block before the last: it decides the last byte of the padding.
                return frame.flipped(-(TAG + BLOCK + 1), 1);
            }
        },
        BLOCK_LESS {
            @Override
            Frame spoil(Frame frame) {
                byte[] body = frame.body();
                byte[] shorter = Arrays.copyOf(body, body.length - BLOCK);
                System.arraycopy(body, body.length - TAG, shorter, shorter.length - TAG, TAG);
                return Frame.of(Frame.RECORD, shorter);
            }
        };

        abstract Frame spoil(Frame frame);
    }

    Trial run() throws IOException, InterruptedException {
        LiveNode bob = stand.bob();
        String peer = key.peerId().toString();
        bob.call("POST", "/peers", Map.of("peerId", peer, "alias", "prober-" + peer.substring(0, 6)));
        bob.call("POST", "/peers/" + peer + "/verify", null);
        try {
            Local local = Speaker.local(key, "prober", List.of(Suite.A256CBC_HS512));
            List<Spoilt> order = new ArrayList<>();
            for (Spoilt kind : Spoilt.values()) {
                answers.put(kind, new ArrayList<>());
                times.put(kind, new ArrayList<>());
                order.addAll(Collections.nCopies(EACH, kind));
            }
            // In random order, so that a machine that gets slower or faster meanwhile treats all alike.
            Collections.shuffle(order);
            for (Spoilt kind : order) {
                probe(kind, local);
            }
            return judge(peer);
        } finally {
            bob.call("DELETE", "/peers/" + peer, null);
        }
    }

    private void probe(Spoilt kind, Local local) throws IOException, InterruptedException {
        try (Speaker speaker = dial(local)) {
            speaker.settle();
            Frame spoilt = kind.spoil(speaker.seal(Texts.direct(TEXT)));
            var socket = speaker.line().socket();
            socket.setSoTimeout(SILENT_MILLIS);
            long begun = System.nanoTime();
            speaker.line().write(spoilt);
            String answer = answer(speaker);
            times.get(kind).add(System.nanoTime() - begun);
            answers.get(kind).add(answer);
        }
    }

    /** The node lets no address open as many sessions at once as it likes. */
    private Speaker dial(Local local) throws IOException, InterruptedException {
        IOException last = null;
        for (int i = 0; i < DIALS; i++) {
            try {
                return Speaker.dial(stand.bob().address(), local);
            } catch (IOException e) {
                last = e;
                Thread.sleep(BETWEEN_DIALS);
            }
        }
        throw last;
    }

    /** What the node says to it, but for records that it sends of its own accord and that were on their way. */
    private static String answer(Speaker speaker) throws IOException {
        int bytes = 0;
        try {
            while (true) {
                Frame frame = speaker.line().read();
                bytes += speaker.goesOn(frame) ? 0 : frame.bytes().length;
            }
        } catch (EOFException e) {
            return bytes + " bytes, FIN";
        } catch (SocketTimeoutException e) {
            return bytes + " bytes, no end";
        } catch (SocketException e) {
            return bytes + " bytes, RST";
        }
    }

    private Trial judge(String peer) {
        double distance = 0;
        double effect = 0;
        for (Spoilt one : Spoilt.values()) {
            journal.attacker(String.format(
                    Locale.ROOT,
                    "%s: %s, median %d us",
                    one,
                    counted(answers.get(one)),
                    median(times.get(one)) / 1000));
            for (Spoilt other : Spoilt.values()) {
                if (one.compareTo(other) < 0) {
                    distance = Math.max(distance, Distinguisher.distance(answers.get(one), answers.get(other)));
                    effect = Math.max(effect, Distinguisher.effect(times.get(one), times.get(other)));
                }
            }
        }
        String measured = String.format(
                Locale.ROOT,
                "%d spoilt records in sessions of their own: answers differ by %.2f, times by a rank effect of %.2f",
                EACH * Spoilt.values().length,
                distance,
                effect);
        if (distance >= Distinguisher.TOLD_APART) {
            return Trial.succeeded("what was spoilt shows: " + measured);
        }
        if (distance >= Distinguisher.SUSPICIOUS || effect >= Distinguisher.GROSS) {
            return Trial.unclear(measured);
        }
        boolean silent = answers.values().stream().flatMap(List::stream).allMatch(each -> each.startsWith("0 bytes"));
        return silent
                ? Trial.failed("no oracle in " + measured, Trial.line("bob", "TAMPERING", "peer", peer))
                : Trial.unclear("the node answers a spoilt record: " + measured);
    }

    private static String counted(List<String> of) {
        var counts = new java.util.TreeMap<String, Integer>();
        of.forEach(each -> counts.merge(each, 1, Integer::sum));
        return counts.toString();
    }

    private static long median(List<Long> of) {
        return of.stream().sorted().toList().get(of.size() / 2);
    }
}
