package dev.parley.lab.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A mapping of the file; each key is taken once, and {@link #end} complains of those that nobody took. */
final class Section {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB)?");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,4})?)%");

    private final String what;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final List<String> known = new ArrayList<>();

    private Section(String what, Node node) throws NetworkFileException {
        this.what = what;
        this.line = line(node);
        if (!(node instanceof MappingNode mapping)) {
            throw new NetworkFileException(line, what + " is a mapping: key: value");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = scalar("a key", tuple.getKeyNode());
            if (values.put(key, tuple.getValueNode()) != null) {
                throw new NetworkFileException(line(tuple.getKeyNode()), "'" + key + "' is there twice");
            }
            lines.put(key, line(tuple.getKeyNode()));
        }
    }

    /** Takes a whole node as a mapping. @param what it is, for errors: "a link" */
    static Section of(String what, Node node) throws NetworkFileException {
        return new Section(what, node);
    }

    static int line(Node node) {
        return node.getStartMark() == null ? 1 : node.getStartMark().getLine() + 1;
    }

    static String scalar(String what, Node node) throws NetworkFileException {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw new NetworkFileException(line(node), what + " is a single value");
    }

    int line() {
        return line;
    }

    int line(String key) {
        return lines.getOrDefault(key, line);
    }

    boolean has(String key) {
        known.add(key);
        return values.containsKey(key);
    }

    List<String> keys() {
        return List.copyOf(values.keySet());
    }

    String text(String key) throws NetworkFileException {
        return scalar("'" + key + "'", required(key));
    }

    String text(String key, String otherwise) throws NetworkFileException {
        return has(key) ? text(key) : otherwise;
    }

    Duration duration(String key) throws NetworkFileException {
        String text = text(key);
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw wrong(key, "a time like 20ms, 5s or 2m", text);
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    Duration duration(String key, Duration otherwise) throws NetworkFileException {
        return has(key) ? duration(key) : otherwise;
    }

    /** Bytes. */
    long size(String key, long otherwise) throws NetworkFileException {
        if (!has(key)) {
            return otherwise;
        }
        String text = text(key);
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw wrong(key, "a size like 200, 64KiB or 1MiB", text);
        }
        long unit = "KiB".equals(matcher.group(2)) ? 1 << 10 : "MiB".equals(matcher.group(2)) ? 1 << 20 : 1;
        return Long.parseLong(matcher.group(1)) * unit;
    }

    double percent(String key) throws NetworkFileException {
        if (!has(key)) {
            return 0;
        }
        String text = text(key);
        Matcher matcher = PERCENT.matcher(text);
        double value = matcher.matches() ? Double.parseDouble(matcher.group(1)) / 100 : 2;
        if (value > 1) {
            throw wrong(key, "a share like 2%", text);
        }
        return value;
    }

    long number(String key, long least, long most, long otherwise) throws NetworkFileException {
        if (!has(key)) {
            return otherwise;
        }
        String text = text(key);
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw wrong(key, "a number from " + least + " to " + most, text);
    }

    /** The items of a list; none where the key is absent. */
    List<Node> list(String key) throws NetworkFileException {
        if (!has(key)) {
            return List.of();
        }
        if (values.get(key) instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw new NetworkFileException(line(key), "'" + key + "' is a list: each item begins with -");
    }

    Section section(String key) throws NetworkFileException {
        return new Section("'" + key + "'", required(key));
    }

    /** Nothing else may be here. */
    void end() throws NetworkFileException {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new NetworkFileException(
                        line(key), what + " has no '" + key + "'; it has " + String.join(", ", known));
            }
        }
    }

    NetworkFileException wrong(String key, String expected, String found) {
        return new NetworkFileException(line(key), "'" + key + "' is " + expected + ", not '" + found + "'");
    }

    private Node required(String key) throws NetworkFileException {
        if (!has(key)) {
            throw new NetworkFileException(line, what + " needs '" + key + "'");
        }
        return values.get(key);
    }
}
