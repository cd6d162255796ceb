package dev.parley.client.demo;

import dev.parley.client.demo.Recording.Direction;
import dev.parley.client.demo.Recording.Frame;
import dev.parley.client.process.NodeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Looks at what two nodes have left on the wire and in their files, and shows it. */
final class Evidence {
    private static final int HEX_BYTES = 24;
    private static final int HEX_LINES = 3;
    private static final Set<String> SHOWN = Set.of(
            "NODE_READY",
            "IDENTITY_CREATED",
            "DIAL_STARTED",
            "HANDSHAKE_COMPLETED",
            "PEER_PENDING",
            "PEER_APPROVED",
            "PEER_VERIFIED",
            "SESSION_REFUSED",
            "SESSION_UP",
            "MESSAGE_SENT",
            "MESSAGE_RECEIVED",
            "MESSAGE_ACKNOWLEDGED");

    private final World world;
    private final List<NodeProcess> nodes;
    private final Map<UUID, Letter> letters;

    /** @param letters what was delivered, by message id */
    Evidence(World world, List<NodeProcess> nodes, Map<UUID, Letter> letters) {
        this.world = world;
        this.nodes = nodes;
        this.letters = letters;
    }

    /** Shows the recorded bytes beside the messages, and finds nothing in them that was said, nor who said it. */
    void wire(Steps.Facts facts, List<Operator> operators) throws IOException, Steps.Failed {
        Recording recording = world.tap().recordings().getLast();
        facts.add(
                "the wire saw %,d bytes; to bob: %s; back: %s",
                recording.size(), frames(recording, Direction.OUT), frames(recording, Direction.BACK));
        for (Map.Entry<UUID, Letter> each : letters.entrySet()) {
            byte[] frame = quoted("MESSAGE_SENT", each.getKey());
            if (!Arrays.equals(frame, quoted("MESSAGE_RECEIVED", each.getKey()))) {
                throw new Steps.Failed("the receiver's net.log quotes another ciphertext than the sender's");
            }
            // The search finds what is there, so that it may be believed when it finds nothing.
            if (!recording.contains(frame)) {
                throw new Steps.Failed("the ciphertext that net.log quotes did not pass on the wire");
            }
            show(facts, each.getValue(), frame);
        }
        Map<String, byte[]> secrets = identities(operators);
        for (Letter each : letters.values()) {
            for (byte[] trace : each.traces()) {
                secrets.put("part " + secrets.size() + " of a message", trace);
            }
        }
        for (Recording each : world.tap().recordings()) {
            for (Map.Entry<String, byte[]> secret : secrets.entrySet()) {
                if (each.contains(secret.getValue())) {
                    throw new Steps.Failed(secret.getKey() + " can be read on the wire");
                }
            }
        }
        facts.add(
                "searched %d connections for %d things (bodies, names, ids, public keys): none was found",
                world.tap().recordings().size(), secrets.size());
    }

    /** Finds these bytes neither on the wire nor in a file of a node. */
    void hides(byte[] content) throws IOException, Steps.Failed {
        if (world.tap().recordings().stream().anyMatch(each -> each.contains(content))) {
            throw new Steps.Failed("a file can be read on the wire");
        }
        for (NodeProcess node : nodes) {
            for (Path file : node.files()) {
                if (Recording.indexOf(Files.readAllBytes(file), content) >= 0) {
                    throw new Steps.Failed("a file can be read in " + file);
                }
            }
        }
    }

    /** The frame that one of the logs quotes for this message. */
    private byte[] quoted(String event, UUID message) throws IOException, Steps.Failed {
        for (NodeProcess node : nodes) {
            var line = AuditTrail.read(node.netLog()).find(event, "message", message);
            if (line.isPresent()) {
                return AuditTrail.ciphertext(line.get());
            }
        }
        throw new Steps.Failed("no " + event + " of message " + message + " in net.log");
    }

    private static void show(Steps.Facts facts, Letter letter, byte[] frame) {
        if (letter.isText()) {
            facts.add("  said  %s", letter.text());
            for (int line = 0; line < HEX_LINES && line * HEX_BYTES < frame.length; line++) {
                byte[] part =
                        Arrays.copyOfRange(frame, line * HEX_BYTES, Math.min(frame.length, (line + 1) * HEX_BYTES));
                facts.add(
                        "  %-5s %s",
                        line == 0 ? "wire" : "", HexFormat.ofDelimiter(" ").formatHex(part));
            }
        } else {
            facts.add("  said  a picture, %.2f bits of entropy a byte", Recording.entropy(letter.body()));
            facts.add("  wire  %.2f bits a byte, of 8", Recording.entropy(frame));
        }
    }

    private static Map<String, byte[]> identities(List<Operator> operators) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        for (Operator operator : operators) {
            var identity = operator.identity();
            String pem = identity.publicKeyPem().replaceAll("-----.*-----", "");
            found.put("the name of " + operator.name(), identity.name().getBytes(StandardCharsets.UTF_8));
            found.put("the id of " + operator.name(), identity.peerId().getBytes(StandardCharsets.US_ASCII));
            // A part of the modulus: what comes before it is the same in every key.
            found.put(
                    "the public key of " + operator.name(),
                    Arrays.copyOfRange(Base64.getMimeDecoder().decode(pem), 64, 128));
        }
        return found;
    }

    private static String frames(Recording recording, Direction direction) {
        Map<String, Long> counts = recording.frames(direction).stream()
                .collect(Collectors.groupingBy(Frame::name, LinkedHashMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(each -> each.getValue() == 1 ? each.getKey() : each.getValue() + " " + each.getKey() + "s")
                .collect(Collectors.joining(", "));
    }

    /** Shows both logs since the last start, and finds no plaintext and no private key in any file of the nodes. */
    void logs(Steps.Facts facts, UUID session) throws IOException, Steps.Failed {
        for (NodeProcess node : nodes) {
            AuditTrail whole = AuditTrail.read(node.netLog());
            AuditTrail log = whole.after(whole.linesBeforeLastStart());
            if (log.find("SESSION_UP", "session", session).isEmpty()) {
                throw new Steps.Failed("no SESSION_UP of " + session + " in " + node.name() + "'s net.log");
            }
            facts.add(
                    "%s's net.log, %d lines, among them:",
                    node.name(), log.lines().size());
            log.lines().stream()
                    .filter(each -> SHOWN.contains(AuditTrail.event(each)))
                    .forEach(each -> facts.add("  " + AuditTrail.show(each)));
        }
        int files = 0;
        for (NodeProcess node : nodes) {
            files += search(node);
        }
        facts.add("no message and no private key in net.log, output or any other of the nodes' %d files", files);
    }

    /** @return how many files were searched */
    private int search(NodeProcess node) throws IOException, Steps.Failed {
        Path keyFile = node.directory().resolve("data/identity.pem");
        List<byte[]> traces = new ArrayList<>();
        letters.values().forEach(each -> traces.addAll(each.traces()));
        byte[] key = privateKeyPart(keyFile);
        List<Path> files = node.files();
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            for (byte[] trace : traces) {
                if (Recording.indexOf(content, trace) >= 0) {
                    throw new Steps.Failed("a message can be read in " + file);
                }
            }
            if (!file.equals(keyFile) && Recording.indexOf(content, key) >= 0) {
                throw new Steps.Failed("the private key can be read in " + file);
            }
        }
        return files.size();
    }

    /** A line from the middle of the PEM file. */
    private static byte[] privateKeyPart(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.get(lines.size() / 2).getBytes(StandardCharsets.US_ASCII);
    }
}
