package dev.parley.lab.foe;

import dev.parley.lab.Journal;
import dev.parley.lab.foe.Line.Answer;
import dev.parley.lab.foe.Line.Kind;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.wire.Frame;
import dev.parley.protocol.wire.Writer;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Somebody who claims a public key whose private half it does not have. */
public final class Impostor {
    /** What it sends if it gets as far. */
    public static final String TEXT = "this is not who you think it is";

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private Impostor() {}

    /** What it takes for the secret that it cannot unwrap. */
    public enum Guess {
        ZEROS,
        REFLECTED,
        RANDOM
    }

    /** How it went. */
    public enum Outcome {
        /** The node has sent a record that opens: it believes. */
        LET_IN,
        /** The node has ended the connection without a record. */
        TURNED_AWAY,
        /** The node has sent a record that does not open. */
        UNREADABLE,
        /** The node keeps the connection, and says nothing. */
        SILENCE
    }

    /**
     * Tries it once.
     *
     * @param claimed public key, DER
     * @param guess used where {@code unwrap} has nothing
     * @param unwrap what the impostor makes of the wrap in CONFIRM; null for nothing
     * @throws IOException if the node does not answer IDENTIFY with CONFIRM
     */
    public static Outcome claim(
            LiveNode victim, Source source, byte[] claimed, Guess guess, UnaryOperator<byte[]> unwrap, Journal journal)
            throws IOException {
        try (Handmade foe = Handmade.dial(victim.address(), source).hello()) {
            byte[] own = foe.secret();
            foe.line().send(foe.identify(foe.wrap(own), own, Handmade.identity(claimed, "alice")));
            Answer answer = foe.line().await(PATIENCE);
            if (!answer.is(Frame.CONFIRM)) {
                throw new IOException("IDENTIFY was answered with " + answer);
            }
            journal.attacker("claims a key that is not its own, and is sent a secret under it");
            byte[] unwrapped = unwrap.apply(foe.confirmed(answer.frame()));
            byte[] secret = unwrapped != null
                    ? unwrapped
                    : switch (guess) {
                        case ZEROS -> new byte[own.length];
                        case REFLECTED -> own;
                        case RANDOM -> foe.secret();
                    };
            boolean opened = foe.finish(answer.frame(), secret);
            journal.attacker(opened ? "has the secret!" : "guesses the secret, wrongly; sends READY all the same");
            Transcript.Traffic traffic = foe.transcript().split();
            foe.line().send(foe.ready());
            foe.line().send(traffic.seal(true, 1, message()));
            Answer last = foe.line().await(PATIENCE);
            journal.defender("answers READY with " + last);
            if (last.kind() == Kind.FRAME && last.is(Frame.RECORD)) {
                return traffic.open(false, 0, last.frame().bytes()) != null ? Outcome.LET_IN : Outcome.UNREADABLE;
            }
            return last.kind() == Kind.SILENCE ? Outcome.SILENCE : Outcome.TURNED_AWAY;
        }
    }

    private static byte[] message() {
        Writer out = new Writer(64);
        Texts.direct(TEXT).write(out);
        return out.toBytes();
    }
}
