package dev.parley.lab.network;

import dev.parley.lab.network.Network.AttackerKind;
import dev.parley.lab.network.Network.AttackerSpec;
import dev.parley.lab.network.Network.Cut;
import dev.parley.lab.network.Network.LinkSpec;
import dev.parley.lab.network.Network.NodeSpec;
import dev.parley.lab.network.Network.TrafficSpec;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a network from YAML, strictly: whatever it does not know is an error that names the line. */
public final class NetworkFile {
    /** Each is a process of some 150 MB. */
    private static final int MOST_NODES = 8;

    private static final int MOST_LINKS = 28;
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int LONGEST_TEXT = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,11}");
    private static final Pattern SETTING = Pattern.compile("parley(\\.[a-z0-9-]+)+");
    private static final Set<String> OURS = Set.of("parley.listen.port", "parley.data.dir", "parley.credentials");

    private NetworkFile() {}

    /** @throws NetworkFileException that says what is wrong, and where */
    public static Network parse(String yaml) throws NetworkFileException {
        Section top = Section.of("a network", compose(yaml));
        String name = top.text("name", "network");
        Duration duration = top.duration("duration");
        if (duration.compareTo(LONGEST) > 0 || duration.isZero()) {
            throw top.wrong("duration", "up to 1h and not 0", top.text("duration"));
        }
        Duration patience = top.duration("patience", Duration.ofMinutes(2));
        long seed = top.number("seed", Long.MIN_VALUE, Long.MAX_VALUE, 1);
        List<NodeSpec> nodes = new ArrayList<>();
        for (Node each : top.list("nodes")) {
            nodes.add(node(Section.of("a node", each), nodes));
        }
        if (nodes.size() < 2 || nodes.size() > MOST_NODES) {
            throw new NetworkFileException(top.line("nodes"), "a network has 2 to " + MOST_NODES + " nodes");
        }
        List<LinkSpec> links = new ArrayList<>();
        for (Node each : top.list("links")) {
            links.add(link(Section.of("a link", each), nodes, links, duration));
        }
        if (links.isEmpty() || links.size() > MOST_LINKS) {
            throw new NetworkFileException(top.line("links"), "a network has 1 to " + MOST_LINKS + " links");
        }
        List<TrafficSpec> traffic = new ArrayList<>();
        for (Node each : top.list("traffic")) {
            traffic.add(traffic(Section.of("traffic", each), nodes, links));
        }
        if (traffic.isEmpty()) {
            throw new NetworkFileException(top.line("traffic"), "a network has traffic, else there is nothing to see");
        }
        top.end();
        return new Network(name, duration, patience, seed, nodes, links, traffic);
    }

    private static Node compose(String yaml) throws NetworkFileException {
        try {
            Node root = new Yaml(new LoaderOptions()).compose(new StringReader(yaml));
            if (root == null) {
                throw new NetworkFileException(1, "the file is empty");
            }
            return root;
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new NetworkFileException(line, "not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new NetworkFileException(
                    1, "not YAML: " + e.getMessage().lines().findFirst().orElse("unreadable"));
        }
    }

    private static NodeSpec node(Section section, List<NodeSpec> before) throws NetworkFileException {
        String name = section.text("name");
        if (!NAME.matcher(name).matches()) {
            throw section.wrong("name", "1 to 12 lower-case letters and digits, a letter first", name);
        }
        if (before.stream().anyMatch(each -> each.name().equals(name))) {
            throw new NetworkFileException(section.line("name"), "there is another node " + name);
        }
        Map<String, String> settings = new HashMap<>();
        if (section.has("settings")) {
            Section own = section.section("settings");
            for (String key : own.keys()) {
                if (!SETTING.matcher(key).matches() || OURS.contains(key)) {
                    throw new NetworkFileException(
                            own.line(key),
                            "'" + key + "' is no setting that may be set here: like parley.session.ping-after");
                }
                settings.put(key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), own.text(key));
            }
            own.end();
        }
        section.end();
        return new NodeSpec(name, settings);
    }

    private static LinkSpec link(Section section, List<NodeSpec> nodes, List<LinkSpec> before, Duration duration)
            throws NetworkFileException {
        String from = known(section, "from", nodes);
        String to = known(section, "to", nodes);
        if (from.equals(to)) {
            throw new NetworkFileException(section.line("to"), "a link joins two nodes");
        }
        Set<String> ends = Set.of(from, to);
        if (before.stream().anyMatch(each -> Set.of(each.from(), each.to()).equals(ends))) {
            throw new NetworkFileException(section.line(), "there is another link between " + from + " and " + to);
        }
        List<Cut> cuts = new ArrayList<>();
        for (Node each : section.list("cuts")) {
            cuts.add(cut(Section.of("a cut", each), duration));
        }
        Duration none = Duration.ZERO;
        LinkSpec link = new LinkSpec(
                from,
                to,
                section.duration("delay", none),
                section.duration("jitter", none),
                section.percent("loss"),
                section.size("rate", 0),
                cuts,
                section.has("attacker") ? attacker(section.section("attacker")) : null);
        section.end();
        return link;
    }

    private static Cut cut(Section section, Duration duration) throws NetworkFileException {
        Duration at = section.duration("at");
        Duration length = section.duration("for");
        if (at.compareTo(duration) >= 0) {
            throw new NetworkFileException(section.line("at"), "the cut begins after the end");
        }
        String how = section.text("how", "stall");
        if (!Set.of("stall", "reset").contains(how)) {
            throw section.wrong("how", "stall or reset", how);
        }
        section.end();
        return new Cut(at, length, how.equals("reset"));
    }

    private static AttackerSpec attacker(Section section) throws NetworkFileException {
        String kind = section.text("kind");
        AttackerSpec attacker = switch (kind) {
            case "eavesdropper" -> new AttackerSpec(AttackerKind.EAVESDROPPER, Duration.ZERO, 0);
            case "flipper" ->
                new AttackerSpec(AttackerKind.FLIPPER, section.duration("every", Duration.ofSeconds(5)), 0);
            case "flooder" ->
                new AttackerSpec(AttackerKind.FLOODER, Duration.ZERO, (int) section.number("rate", 1, 10_000, 50));
            default -> throw section.wrong("kind", "eavesdropper, flipper or flooder", kind);
        };
        section.end();
        return attacker;
    }

    private static TrafficSpec traffic(Section section, List<NodeSpec> nodes, List<LinkSpec> links)
            throws NetworkFileException {
        String from = known(section, "from", nodes);
        String to = known(section, "to", nodes);
        Set<String> ends = new HashSet<>(List.of(from, to));
        if (links.stream().noneMatch(each -> ends.equals(Set.of(each.from(), each.to())))) {
            throw new NetworkFileException(
                    section.line(), "there is no link between " + from + " and " + to + ": nodes do not forward");
        }
        Duration every = section.duration("every");
        if (every.isZero()) {
            throw section.wrong("every", "a time that is not 0", section.text("every"));
        }
        long size = section.size("size", 100);
        if (size < TrafficLog.SMALLEST || size > LONGEST_TEXT) {
            throw section.wrong("size", "from " + TrafficLog.SMALLEST + " to 1MiB", section.text("size"));
        }
        section.end();
        return new TrafficSpec(from, to, every, (int) size);
    }

    private static String known(Section section, String key, List<NodeSpec> nodes) throws NetworkFileException {
        String name = section.text(key);
        if (nodes.stream().noneMatch(each -> each.name().equals(name))) {
            throw new NetworkFileException(section.line(key), "there is no node '" + name + "'");
        }
        return name;
    }
}
