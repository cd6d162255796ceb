package dev.parley.client.command;

import dev.parley.admin.NodeEvent;
import dev.parley.client.http.TransportException;
import dev.parley.client.node.Answer;
import dev.parley.client.node.EventPeer;
import dev.parley.client.node.Events;
import dev.parley.client.node.Node;
import dev.parley.client.text.EventText;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Style;
import dev.parley.client.text.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley watch}: events as they happen, until interrupted. */
@Command(name = "watch", description = "Show what happens, as it happens.")
public final class WatchCommand implements Callable<Integer> {
    /** Between two lines about the progress of one file. */
    private static final Duration PROGRESS = Duration.ofSeconds(5);

    private final Context context;
    private final Map<UUID, Instant> progress = new HashMap<>();

    @Option(
            names = "--type",
            split = ",",
            paramLabel = "TYPE",
            description = "Only these types of events, such as message-received; with commas, or repeated.")
    private List<String> types = List.of();

    @Option(names = "--peer", paramLabel = "PEER", description = "Only what concerns this peer.")
    private String peer;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "End after so many events.")
    private Integer count;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "End after this time; exit code 5 if --count was given and not reached.")
    private Duration timeout;

    public WatchCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        for (String type : types) {
            if (!Events.names().contains(type)) {
                throw Failure.usage(
                        "there is no type of event '" + Plain.line(type) + "'",
                        "there are " + String.join(", ", Events.names()));
            }
        }
        if (count != null && count < 1) {
            throw Failure.usage("--count takes a number from 1", null);
        }
        AtomicBoolean overdue = new AtomicBoolean();
        try (Node.EventStream events = context.node().events(types)) {
            closeInTime(events, overdue);
            return follow(events);
        } catch (TransportException e) {
            if (!overdue.get()) {
                throw e;
            }
            if (count == null) {
                return ExitCode.OK;
            }
            throw new Failure(
                    ExitCode.TIMED_OUT, "timed-out", "fewer than " + Words.count(count, "event") + " in time", null);
        }
    }

    private int follow(Node.EventStream events) throws Exception {
        EventText text = new EventText(context.terminal().zone(), new Style(context.colour()));
        int left = count == null ? Integer.MAX_VALUE : count;
        for (Answer<NodeEvent> event = events.next(); event != null; event = events.next()) {
            if (!wanted(event.value()) || isTooMuch(event.value())) {
                if (context.nobodyReads()) {
                    return ExitCode.OK;
                }
                continue;
            }
            context.answer(event, value -> context.line(text.of(value)));
            if (event.value() instanceof NodeEvent.Notice) {
                throw new Failure(ExitCode.REFUSED, "cut-off", "the node has cut this stream off", "watch again");
            }
            if (--left == 0 || context.nobodyReads()) {
                return ExitCode.OK;
            }
        }
        throw new Failure(ExitCode.UNREACHABLE, "node-stopped", "the node has ended the stream", "was it stopped?");
    }

    /** For people a line now and then says how far a file is; programs get all. */
    private boolean isTooMuch(NodeEvent event) {
        if (context.json() || !(event instanceof NodeEvent.FileProgress e)) {
            return false;
        }
        Instant last = progress.get(e.transfer().id());
        if (last != null && e.at().isBefore(last.plus(PROGRESS))) {
            return true;
        }
        progress.put(e.transfer().id(), e.at());
        return false;
    }

    private boolean wanted(NodeEvent event) {
        if (event instanceof NodeEvent.Heartbeat) {
            return types.contains("heartbeat");
        }
        if (peer == null || event instanceof NodeEvent.Notice || event instanceof NodeEvent.NodeStopping) {
            return true;
        }
        EventPeer concerned = EventPeer.of(event);
        return PeerRef.fits(peer, concerned.alias(), concerned.peerId());
    }

    private void closeInTime(Node.EventStream events, AtomicBoolean overdue) {
        if (timeout != null) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    TimeUnit.NANOSECONDS.sleep(timeout.toNanos());
                } catch (InterruptedException e) {
                    return;
                }
                overdue.set(true);
                events.close();
            });
        }
    }
}
