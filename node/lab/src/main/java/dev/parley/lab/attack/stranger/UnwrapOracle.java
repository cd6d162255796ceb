package dev.parley.lab.attack.stranger;

import dev.parley.lab.Attack;
import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.weak.Oracle;
import dev.parley.lab.foe.Handmade;
import dev.parley.lab.foe.Line.Answer;
import dev.parley.lab.foe.Line.Kind;
import dev.parley.lab.foe.Manger;
import dev.parley.lab.foe.RankSum;
import dev.parley.lab.foe.Seen;
import dev.parley.lab.foe.Source;
import dev.parley.lab.stand.LiveNode;
import dev.parley.lab.stand.Stand;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Asks a node what it thinks of malformed wraps, to decrypt a good one. */
public final class UnwrapOracle implements Attack {
    private static final int NUMBER = 13;
    private static final int QUESTIONS = 4_000;
    /** Of each of the two kinds that are timed. */
    private static final int TIMED = 32;
    /** Below a node's quota of unwraps for one address. */
    private static final int OF_ONE_ADDRESS = 12;

    private static final double SUSPICIOUS = 4;
    private static final Dossier DOSSIER = new Dossier(
            NUMBER,
            "unwrap-oracle",
            "an RSA unwrap oracle: Bleichenbacher's and Manger's shape",
            Position.STRANGER,
            "The victim's public key, and a wrap for it that was recorded elsewhere.",
            List.of(
                    "Send wraps that are wrong in different ways: too large for the encoding, decoded to nonsense, PKCS #1 version 1.5, not below the"
                            + " modulus, too short, too long, empty, and good ones of another secret.",
                    "Compare the answers: their bytes, and how the connection ends.",
                    "Compare the times of the two kinds that Manger's attack tells apart, with a rank-sum test, twice if the first looks odd.",
                    "If any differ: decrypt the recorded wrap with a thousand questions."),
            "Whoever says what was wrong with a ciphertext answers questions about the plaintext; with enough of them it is known. PSP/1 goes on"
                    + " with random bytes in place of a wrap that does not open, and fails where the next tag does not fit, always with code 3.",
            List.of(
                    "Bleichenbacher: Chosen Ciphertext Attacks Against Protocols Based on PKCS #1, CRYPTO 1998",
                    "Manger: A Chosen Ciphertext Attack on RSA-OAEP, CRYPTO 2001",
                    "Boeck, Somorovsky, Young: Return Of Bleichenbacher's Oracle Threat (ROBOT), USENIX Security 2018",
                    "Kario: Everlasting ROBOT, ESORICS 2023"),
            "a peer that says whether a wrap was too large or did not decode",
            Set.of(Defence.IMPLICIT_REJECTION),
            List.of(Defence.IMPLICIT_REJECTION, Defence.UNIFORM_FAILURE, Defence.CAPS),
            "REJECT 3, always the same bytes, and the end of TCP",
            Set.of("HANDSHAKE_FAILED"),
            "stranger-unwrap-oracle",
            Duration.ofSeconds(120));

    private final SecureRandom random = new SecureRandom();

    @Override
    public Dossier dossier() {
        return DOSSIER;
    }

    @Override
    public Set<Defence> concerns() {
        return Oracle.SWITCHES;
    }

    @Override
    public boolean fromOutside() {
        return true;
    }

    @Override
    public Trial againstControl(Set<Defence> without, Journal journal) throws Exception {
        try (Oracle peer = Oracle.open(without);
                Socket socket =
                        new Socket(peer.address().getAddress(), peer.address().getPort())) {
            Manger manger = new Manger(peer.publicKey(), ciphertext -> {
                socket.getOutputStream().write(ciphertext);
                int answer = socket.getInputStream().read();
                if (answer < 0) {
                    throw new IOException("the peer has hung up");
                }
                return answer == Oracle.TOO_LARGE;
            });
            Optional<byte[]> secret = manger.decrypt(peer.recorded(), QUESTIONS);
            journal.attacker("asked " + manger.questions() + " questions");
            if (secret.isEmpty()) {
                return Trial.failed(manger.questions() + " questions, all answered alike, told nothing");
            }
            return peer.isSecret(secret.get())
                    ? Trial.succeeded("decrypted a recorded wrap of 32 bytes with " + manger.questions() + " questions")
                    : Trial.unclear("the answers led to a secret that is not the one");
        }
    }

    /** Something in the place of a wrap. */
    private record Shape(String name, byte[] wrap) {}

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        LiveNode bob = stand.bob();
        Asker asker = new Asker(bob);
        RSAPublicKey key = asker.key();
        Set<String> answers = new LinkedHashSet<>();
        for (Shape shape : shapes(key)) {
            String answer = asker.ask(shape.wrap()).text();
            journal.defender(String.format(Locale.ROOT, "answers %-28s with %s", shape.name(), answer));
            answers.add(answer);
        }
        if (answers.size() > 1) {
            return Trial.succeeded("different faults are answered differently: " + answers);
        }
        double z = asker.compare(key, journal);
        if (Math.abs(z) > SUSPICIOUS) {
            double again = asker.compare(key, journal);
            if (Math.abs(again) > SUSPICIOUS && Math.signum(again) == Math.signum(z)) {
                return Trial.succeeded(String.format(
                        Locale.ROOT, "times tell Manger's two kinds apart: z = %.1f, and again %.1f", z, again));
            }
            z = again;
        }
        String only = answers.iterator().next();
        if (!only.startsWith("REJECT 3")) {
            return Trial.unclear("all faults are answered alike, but with " + only);
        }
        return Trial.failed(
                String.format(Locale.ROOT, "all faults got %s; times of two kinds do not differ (z = %.1f)", only, z),
                Seen.failedHandshake(bob, asker.first, 3));
    }

    private List<Shape> shapes(RSAPublicKey key) {
        int length = Math.ceilDiv(key.getModulus().bitLength(), Byte.SIZE);
        byte[] beyond = new byte[length];
        java.util.Arrays.fill(beyond, (byte) 0xFF);
        return List.of(
                new Shape("too large for the encoding", large(key)),
                new Shape("decodes to nonsense", small(key)),
                new Shape("PKCS #1 version 1.5", version15(key)),
                new Shape("not below the modulus", beyond),
                new Shape("the modulus itself", Manger.unsigned(key.getModulus(), length)),
                new Shape("zero", new byte[length]),
                new Shape("one byte short", new byte[length - 1]),
                new Shape("one byte long", new byte[length + 1]),
                new Shape("empty", new byte[0]));
    }

    private byte[] raw(RSAPublicKey key, BigInteger encoded) {
        return Manger.unsigned(
                encoded.modPow(key.getPublicExponent(), key.getModulus()),
                Math.ceilDiv(key.getModulus().bitLength(), Byte.SIZE));
    }

    /** The first byte of what is encoded is not zero. */
    private byte[] large(RSAPublicKey key) {
        BigInteger bound = BigInteger.TWO.pow(key.getModulus().bitLength() - Byte.SIZE);
        BigInteger encoded;
        do {
            encoded = new BigInteger(key.getModulus().bitLength(), random);
        } while (encoded.compareTo(bound) < 0 || encoded.compareTo(key.getModulus()) >= 0);
        return raw(key, encoded);
    }

    /** The first byte is zero, the rest nonsense. */
    private byte[] small(RSAPublicKey key) {
        return raw(key, new BigInteger(key.getModulus().bitLength() - Byte.SIZE, random));
    }

    private byte[] version15(RSAPublicKey key) {
        int length = Math.ceilDiv(key.getModulus().bitLength(), Byte.SIZE);
        byte[] encoded = new byte[length];
        random.nextBytes(encoded);
        for (int i = 2; i < length; i++) {
            encoded[i] |= 1;
        }
        encoded[0] = 0;
        encoded[1] = 2;
        encoded[length - 33] = 0;
        return raw(key, new BigInteger(1, encoded));
    }

    /** What came of a wrap. */
    private record Reply(String text, long nanos) {}

    /** Asks from ever new addresses, so that no quota of one is used up. */
    private static final class Asker {
        final Source first = Source.fresh(NUMBER);
        private final LiveNode victim;
        private Source source = first;
        private int asked;

        Asker(LiveNode victim) {
            this.victim = victim;
        }

        RSAPublicKey key() throws IOException {
            try (Handmade foe = Handmade.dial(victim.address(), source()).hello()) {
                return foe.responder().publicKey();
            }
        }

        private Source source() throws IOException {
            if (asked++ >= OF_ONE_ADDRESS) {
                asked = 1;
                source = Source.fresh(NUMBER);
            }
            return source;
        }

        Reply ask(byte[] wrap) throws IOException {
            try (Handmade foe = Handmade.dial(victim.address(), source()).hello()) {
                byte[] identity = Handmade.identity(victim.publicKey(), "nobody");
                byte[] identify = foe.identify(wrap, foe.secret(), identity).bytes();
                long begun = System.nanoTime();
                foe.line().send(identify);
                Answer answer = foe.line().await(Handmade.PATIENCE);
                long nanos = System.nanoTime() - begun;
                if (answer.kind() != Kind.FRAME) {
                    return new Reply(answer.toString(), nanos);
                }
                foe.line().finish();
                return new Reply(
                        answer + " (" + HexFormat.of().formatHex(answer.frame().bytes()) + "), then "
                                + foe.line().awaitEnd(Handmade.PATIENCE),
                        nanos);
            }
        }

        /** The two kinds of Manger's attack in turns. @return z of the rank-sum test */
        double compare(RSAPublicKey key, Journal journal) throws IOException {
            UnwrapOracle maker = new UnwrapOracle();
            long[] large = new long[TIMED];
            long[] small = new long[TIMED];
            for (int i = 0; i < TIMED; i++) {
                byte[] one = maker.large(key);
                byte[] other = maker.small(key);
                // Which of the pair goes first changes, lest the order be what is measured.
                if (i % 2 == 0) {
                    large[i] = ask(one).nanos();
                    small[i] = ask(other).nanos();
                } else {
                    small[i] = ask(other).nanos();
                    large[i] = ask(one).nanos();
                }
            }
            double z = RankSum.z(large, small);
            journal.attacker(String.format(
                    Locale.ROOT,
                    "timed %d of each kind: medians %d and %d microseconds, z = %.1f",
                    TIMED,
                    RankSum.median(large) / 1_000,
                    RankSum.median(small) / 1_000,
                    z));
            return z;
        }
    }
}
