package dev.parley.client.command;

import dev.parley.admin.Delivery;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.MessageInfo;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.SendRequest;
import dev.parley.client.command.SendOptions.Wait;
import dev.parley.client.http.Request;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Hands a message to the node and, if that was asked for, waits for what becomes of it. */
final class Delivered {
    private Delivered() {}

    static int send(Context context, SendRequest request, Wait wait, Duration timeout) throws IOException {
        boolean waits = wait != Wait.QUEUED;
        String query = waits ? "?wait=" + Words.of(wait) + "&timeout=" + Request.encode(timeout.toString()) : "";
        Duration allowed = waits ? timeout.plus(Node.SHORT) : Node.SHORT;
        Node node = context.node();
        Answer<MessageInfo> answer = node.post(MessageInfo.class, "/messages" + query, request, allowed);
        context.answer(answer, message -> print(context, message, absent(node, message)));
        return outcome(answer.value(), wait, timeout);
    }

    /** Ids of the peers that the message waits for because they are not connected. */
    private static Set<String> absent(Node node, MessageInfo message) throws IOException {
        if (message.deliveries().stream().noneMatch(each -> each.state() == DeliveryState.QUEUED)) {
            return Set.of();
        }
        return node.list(PeerInfo.class, "/peers").value().stream()
                .filter(peer -> !peer.connected())
                .map(PeerInfo::peerId)
                .collect(Collectors.toSet());
    }

    private static void print(Context context, MessageInfo message, Set<String> absent) {
        List<Delivery> deliveries = message.deliveries();
        if (deliveries.size() == 1) {
            Delivery only = deliveries.getFirst();
            String name = PeerNames.of(only.alias(), only.peerId());
            context.line(Words.of(only.state()) + " " + message.id()
                    + (waits(only, absent) ? " for " + name + ", not connected: goes out when it is" : " to " + name));
            return;
        }
        context.line("message " + message.id());
        Table table = new Table("PEER", "STATE", "REASON");
        deliveries.forEach(each -> table.row(
                PeerNames.of(each.alias(), each.peerId()),
                Words.of(each.state()) + (waits(each, absent) ? ", not connected" : ""),
                each.reason()));
        context.table(table);
        context.line(Words.count(deliveries.size(), "peer") + ": " + summary(deliveries));
    }

    private static boolean waits(Delivery delivery, Set<String> absent) {
        return delivery.state() == DeliveryState.QUEUED && absent.contains(delivery.peerId());
    }

    /** "2 delivered, 1 queued". */
    static String summary(List<Delivery> deliveries) {
        Map<DeliveryState, Integer> counts = new EnumMap<>(DeliveryState.class);
        deliveries.forEach(each -> counts.merge(each.state(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + Words.of(count.getKey()))
                .collect(Collectors.joining(", "));
    }

    private static int outcome(MessageInfo message, Wait wait, Duration timeout) {
        List<Delivery> deliveries = message.deliveries();
        List<Delivery> failed = deliveries.stream()
                .filter(each -> each.state().isFinal() && each.state() != DeliveryState.DELIVERED)
                .toList();
        String trace = "`parley message " + message.id() + "` shows ";
        if (!failed.isEmpty()) {
            Delivery first = failed.getFirst();
            String why = first.reason() == null ? "" : ": " + Plain.line(first.reason());
            String what = PeerNames.of(first.alias(), first.peerId())
                    + (first.state() == DeliveryState.EXPIRED ? " has " : " was ")
                    + Words.of(first.state())
                    + why;
            boolean one = deliveries.size() == 1;
            throw new Failure(
                    ExitCode.REFUSED,
                    "not-delivered",
                    one
                            ? "the message to " + what
                            : "not delivered to " + failed.size() + " of " + Words.count(deliveries.size(), "peer")
                                    + "; that to " + what,
                    one ? null : trace + "each");
        }
        long late =
                deliveries.stream().filter(each -> !reached(each.state(), wait)).count();
        if (late > 0) {
            throw new Failure(
                    ExitCode.TIMED_OUT,
                    "timed-out",
                    "not " + Words.of(wait) + " within " + Words.duration(timeout)
                            + (deliveries.size() > 1 ? " to " + Words.count(late, "peer") : ""),
                    "the node goes on trying; " + trace + "what becomes of it");
        }
        return ExitCode.OK;
    }

    private static boolean reached(DeliveryState state, Wait wait) {
        return switch (wait) {
            case QUEUED -> true;
            case SENT -> state == DeliveryState.SENT || state == DeliveryState.DELIVERED;
            case DELIVERED -> state == DeliveryState.DELIVERED;
        };
    }
}
