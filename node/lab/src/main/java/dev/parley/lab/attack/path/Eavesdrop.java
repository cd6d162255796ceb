package dev.parley.lab.attack.path;

import dev.parley.lab.Defence;
import dev.parley.lab.Dossier;
import dev.parley.lab.Journal;
import dev.parley.lab.Position;
import dev.parley.lab.Trial;
import dev.parley.lab.control.Control;
import dev.parley.lab.stand.Stand;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Frame;
import dev.parley.lab.wire.Relay;
import dev.parley.lab.wire.Script;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** 1: reads along. */
final class Eavesdrop extends PathAttack {
    private static final String SENTENCE = "ATTACK AT DAWN! ";
    private static final int TIMES = 256;

    Eavesdrop() {
        super(new Dossier(
                1,
                "eavesdrop",
                "reads along and looks for plaintext, repetitions and anything that is not random",
                Position.ON_PATH,
                "A copy of every byte that passes between alice and bob, and one of the sentences that she repeats.",
                List.of(
                        "Record a session in which alice sends bob a text of 8 KiB that repeats one sentence.",
                        "Look for the sentence as it is, in UTF-16, base64 and hexadecimal, and for the name of either.",
                        "Look for blocks of 16 bytes that occur twice.",
                        "Compare the frequencies of byte values with those of random bytes."),
                "A cipher that makes the same of the same block shows where a text repeats itself, without any key: the penguin"
                        + " that ECB still shows.",
                List.of("NIST SP 800-38A, section 6.1 (ECB)", "RFC 9325, section 4.2"),
                "AES block by block, without an IV",
                Set.of(Defence.ENCRYPTION_WITH_IV),
                List.of(Defence.ENCRYPTION_WITH_IV),
                "no close: nothing was done to it",
                Set.of("MESSAGE_RECEIVED"),
                "path-eavesdrop",
                Duration.ofSeconds(30)));
    }

    @Override
    Trial attack(Control control, Journal journal) throws Exception {
        try (Relay relay = relay(control, Script.HONEST)) {
            control.alice().dial(relay.address(), "bob");
            String text = SENTENCE.repeat(TIMES);
            control.alice().say("bob", text);
            if (!soon(() -> control.bob().heardFrom("alice").contains(text))) {
                return Trial.unclear("bob was not sent the text");
            }
            Relay.Tape tape = relay.tapes().getFirst();
            Optional<String> found = found(tape, List.of(SENTENCE), journal);
            return found.map(Trial::succeeded).orElseGet(() -> Trial.failed("nothing but random bytes"));
        }
    }

    @Override
    public Trial againstParley(Stand stand, Journal journal) throws Exception {
        try (Relay relay = relay(stand, Script.HONEST)) {
            stand.meet(relay.address());
            String text = mark("") + SENTENCE.repeat(TIMES);
            String id = stand.deliver(stand.alice(), stand.bob(), text);
            Relay.Tape tape = relay.tapes().getLast();
            List<String> secrets = List.of(
                    SENTENCE,
                    text.substring(0, 10),
                    "alice",
                    stand.alice().peerId(),
                    stand.bob().peerId());
            Optional<String> found = found(tape, secrets, journal);
            if (found.isPresent()) {
                return Trial.succeeded(found.get());
            }
            List<String> seen = tape.frames(Direction.OUT).stream()
                    .map(each -> Base64.getEncoder().encodeToString(each.bytes()))
                    .toList();
            return Trial.failed(
                    "nothing but random bytes in " + tape.bytes(Direction.OUT).length + " that alice sent and "
                            + tape.bytes(Direction.BACK).length + " that bob sent",
                    new Trial.Evidence(
                            "bob",
                            "MESSAGE_RECEIVED",
                            // What bob received as this message is a frame that the eavesdropper has, byte for byte.
                            fields -> id.equals(fields.get("message")) && seen.contains(fields.get("ciphertext"))));
        }
    }

    private static Optional<String> found(Relay.Tape tape, List<String> secrets, Journal journal) {
        var sealed = new ByteArrayOutputStream();
        for (Direction direction : Direction.values()) {
            byte[] all = tape.bytes(direction);
            for (String secret : secrets) {
                for (byte[] form : forms(secret)) {
                    if (Bytes.indexOf(all, form) >= 0) {
                        return Optional.of("\"" + secret + "\" in the clear");
                    }
                }
            }
            tape.frames(direction).stream()
                    .filter(each -> each.is(Frame.RECORD))
                    .forEach(each -> sealed.writeBytes(each.body()));
        }
        byte[] records = sealed.toByteArray();
        int repeated = Bytes.repeatedBlocks(records);
        double oddness = Bytes.oddness(records);
        journal.attacker(String.format(
                java.util.Locale.ROOT,
                "%d bytes of records: %d blocks occur twice, %.3f bits in a byte, %.1f deviations from random",
                records.length,
                repeated,
                Bytes.entropy(records),
                oddness));
        if (repeated > 0) {
            return Optional.of(repeated + " blocks of 16 bytes occur more than once: the text repeats itself");
        }
        return oddness > Bytes.NOT_RANDOM
                ? Optional.of("the records are not random: " + oddness + " standard deviations")
                : Optional.empty();
    }

    private static List<byte[]> forms(String text) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(plain);
        return List.of(
                plain,
                text.getBytes(StandardCharsets.UTF_16BE),
                text.getBytes(StandardCharsets.UTF_16LE),
                // The last character of it depends on what follows.
                Arrays.copyOf(base64.getBytes(StandardCharsets.US_ASCII), Math.max(5, base64.length() - 1)),
                HexFormat.of().formatHex(plain).getBytes(StandardCharsets.US_ASCII));
    }
}
