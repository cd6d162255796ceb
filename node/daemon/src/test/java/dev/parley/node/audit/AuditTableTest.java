package dev.parley.node.audit;

import dev.parley.evidence.LineHead;
import dev.parley.node.config.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AuditTableTest {
    private static final Instant WHEN = Instant.parse("2026-01-02T12:00:00.123456Z");
    private static final String SEALS = """
            ## Seals

            What stands in net.log cannot be rewritten quietly, not even by whoever takes over the node later.

            - **Chain.** `prev` is SHA-256 over the bytes of the line before, without its line end (32 zero bytes in line 1). The chain
              goes on over files and over restarts.
            - **Checkpoints.** A `CHECKPOINT` line is written every 1,000 lines, 10 s after a line that has none yet, when the node starts
              and when it stops. It carries the public half of the Ed25519 key that the *next* checkpoint is signed by, and is signed by
              the one that the checkpoint before announced, over `"psp1 log checkpoint" | 0x00 | PeerId | u64 seq | prev | time |
              u8 length | reason | next public key`. The private half is erased once it has signed, so nobody can sign a past
              checkpoint again: who takes the node today has keys for tomorrow only.
            - **Anchors.** The first checkpoint of a log (`FIRST`), and the first line of every file after another (`ROTATED`), is signed by
              the identity key (RSA-PSS), over the same text and after it the Ed25519 signature if there is one, and has the identity's
              public key, whose SHA-256 is the PeerId. So the PeerId is enough to verify a log, and what is left of one when
              old files were deleted. Lines from before the identity is loaded are covered by the next checkpoint.
            - **Another identity.** Where the node's key was rotated, or another one imported, the chain goes on: the old key starts the log
              a last time (`START`), and hands it over with a checkpoint `SUCCESSION`, which has the new identity's public key and the old
              one's (`previous`). The announced Ed25519 key signs it, and so do both identities: all three over the text above, with the old
              PeerId in front and the new PeerId behind it, the identities also over the Ed25519 signature. From the next line on the new
              PeerId counts. So a log holds for whoever knows any of the PeerIds that the node has had in it, and nobody who has only the new
              key, or only another one, can write such a line for it. A log whose older files are gone holds for the PeerIds of what
              is left. Only when this line and the keys after it are on the disk does the old identity key go; while the log cannot
              be written, a node that is to change its key does not start.
            - **Keys.** `audit.key` in the data directory, mode 0600, holds the keys of the next two checkpoints, encrypted under a key
              that is wrapped for the identity key, the old one until a succession is in the log. It is replaced as a whole after the
              checkpoint's line is on the disk. A kill at any instant leaves a log and a key file that fit. Memory is wiped as
              far as Java allows.
            - **Crashes.** A line that a crash has torn stays where it is, and the next start owns up to it with `TORN_LINE`.
            - **A chain that does not go on.** If `audit.key` is gone, damaged, or does not fit the log's last checkpoint (the end was cut
              off, an older copy was put back), the node writes `LOG_CHAIN_BROKEN`, warns in `parley status` until it is started again, and
              begins a new chain with an anchor (`RENEWED`). Whoever verifies the log is told of that break for as long as the
              line is there. So it is with a log from before lines were sealed: move it away, with its rotated files, and the
              node begins one that holds.
            - **Times** never go back inside of a run: a clock that is corrected by up to a second stands still, one that is
              set back further is owned up to with `CLOCK_SET_BACK`. Times that go back otherwise are a forgery.
            - **When the log cannot be written** (disk full, no permission), `parley.audit.on-failure` decides: `stop` closes the sessions and
              takes none until it can be written again, which is tried each second; `continue` goes on. Either way the console log,
              health, `parley status` and the event stream say so, nothing half written stays in the file, and afterwards
              `AUDIT_RESUMED` and `AUDIT_LOST` are in the chain.

            `parley audit verify` checks all of it, `parley audit tamper` shows that it does. Two things no log can show by itself:
            that lines were cut off behind a checkpoint, and that somebody with the *identity* key has written all of it anew.
            Against both, keep a head of the log elsewhere (`SignedHead`: number and hash of a line, signed by the identity) and
            hand it to `parley audit verify --head`. Lines behind the last checkpoint, ten seconds' worth at the most, are not sealed yet.
            """;

    private static final byte[] SHA_256 = LineHead.sha256().digest();
    private static final UUID ID = UUID.fromString("01941f29-7c00-7aaa-8bbb-0123456789ab");

    @Test
    void theTableIsWhatTheCodeSays() throws Exception {
        var text = new StringBuilder("""
                # The events of net.log

                Generated from `AuditEvent`. Each line of `net.log` is one JSON object: `time` (UTC), `seq` (counts from 1 over
                all files), `level` (INFO; WARN: something failed or was turned away; ALARM: look), `event`, then the event's own
                fields. A field without a value is left out. Fields that begin with `claimed` are what a peer says of itself, unproved.
                `peer` is a PeerId, `session` and `message` are ids, `connection` counts from 1, `after` is in milliseconds,
                `prev` is the SHA-256 of the line before, in base64url: see [Seals](#seals). `size` in bytes, `ciphertext` the whole frame in base64, `epoch` and `n` place a record in its direction.
                There is never a key, a plaintext or a passphrase in a line.

                """);
        for (var group : AuditEvent.class.getPermittedSubclasses()) {
            text.append("## ")
                    .append(group.getSimpleName().replace("Event", ""))
                    .append("\n\n| event | level | meaning | fields |\n| --- | --- | --- | --- |\n");
            var examples = new ArrayList<String>();
            for (var type : group.getPermittedSubclasses()) {
                var event = type.asSubclass(AuditEvent.class);
                var audited = event.getAnnotation(Audited.class);
                text.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                AuditEvent.EventName.of(event),
                                audited.level(),
                                Tables.cell(audited.value()),
                                LineFormer.fields(event).stream()
                                        .map(field -> "`" + field.name() + "`")
                                        .collect(Collectors.joining(", "))));
                var former = new LineFormer();
                former.form(42, WHEN, SHA_256, example(event));
                examples.add(former.text());
            }
            text.append("\n```json\n").append(String.join("\n", examples)).append("\n```\n\n");
        }
        text.append(SEALS);
        text.append(written("using-it.txt"));
        Tables.check("AUDIT.md", text.toString().stripTrailing() + "\n");
    }

    /** What no code says. */
    private static String written(String name) throws IOException {
        try (InputStream in = AuditTableTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static AuditEvent example(Class<? extends AuditEvent> type) throws ReflectiveOperationException {
        var components = type.getRecordComponents();
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
        var values = Arrays.stream(components).map(AuditTableTest::sample).toArray();
        var constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private static Object sample(RecordComponent component) {
        var type = component.getType();
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return switch (type.getName()) {
            case "int" -> 7;
            case "boolean" -> true;
            case "long" -> 42L;
            case "[B" -> new byte[] {0x10, 0, 0, 0x11};
            case "java.util.UUID" -> ID;
            case "java.time.Instant" -> WHEN;
            case "java.time.Duration" -> Duration.ofMillis(1500);
            case "java.util.List" -> List.of("A256GCM", "A256CBC-HS512");
            case "java.nio.file.Path" -> Path.of("/var/lib/parley");
            case "dev.parley.node.audit.Claim" -> new Claim("Bob");
            case "java.lang.String" -> text(component.getName());
            default -> throw new IllegalStateException("no example for " + component);
        };
    }

    private static String text(String name) {
        return switch (name) {
            case "peer", "otherPeer" -> "mi5ickiixy56334aiembfgiyx4ojc7nh5sepi3wxo63aitrxurgq";
            case "alias", "previousAlias" -> "bob";
            case "source" -> "192.0.2.7";
            case "remote", "local", "address", "listen" -> "192.0.2.7:3001";
            default -> "...";
        };
    }
}
