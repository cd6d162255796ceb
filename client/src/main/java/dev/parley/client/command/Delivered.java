package dev.parley.client.command;

import dev.parley.admin.AdminApi;
import dev.parley.admin.Delivery;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.MessageInfo;
import dev.parley.admin.SendRequest;
import dev.parley.client.http.Request;
import dev.parley.client.node.Answer;
import dev.parley.client.node.Node;
import dev.parley.client.text.PeerNames;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Table;
import dev.parley.client.text.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Hands a message to the node and, if that was asked for, waits for what becomes of it. */
final class Delivered {
    /** How long {@code --wait} waits. */
    enum Wait {
        NONE,
        SENT,
        DELIVERED
    }

    private Delivered() {}

    static int send(Context context, SendRequest request, Wait wait, Duration timeout) throws IOException {
        String query =
                wait == Wait.NONE ? "" : "?wait=" + Words.of(wait) + "&timeout=" + Request.encode(timeout.toString());
        Duration allowed = wait == Wait.NONE ? Node.SHORT : timeout.plus(Node.SHORT);
        Answer<MessageInfo> answer = context.node().post(MessageInfo.class, "/messages" + query, request, allowed);
        context.answer(answer, message -> print(context, message));
        return outcome(context, answer.value(), wait, timeout);
    }

    static void print(Context context, MessageInfo message) {
        List<Delivery> deliveries = message.deliveries();
        if (deliveries.size() == 1) {
            Delivery only = deliveries.getFirst();
            context.line(
                    Words.of(only.state()) + " " + message.id() + " to " + PeerNames.of(only.alias(), only.peerId()));
            return;
        }
        context.line("message " + message.id() + " to " + Words.count(deliveries.size(), "peer"));
        Table table = new Table("PEER", "STATE", "REASON");
        deliveries.forEach(
                each -> table.row(PeerNames.of(each.alias(), each.peerId()), Words.of(each.state()), each.reason()));
        context.table(table);
    }

    private static int outcome(Context context, MessageInfo message, Wait wait, Duration timeout) {
        int late = 0;
        for (Delivery each : message.deliveries()) {
            DeliveryState state = each.state();
            if (state.isFinal() && state != DeliveryState.DELIVERED) {
                String why = each.reason() == null ? "" : ": " + Plain.line(each.reason());
                throw new Failure(
                        ExitCode.REFUSED,
                        "not-delivered",
                        "the message to " + PeerNames.of(each.alias(), each.peerId()) + " was " + Words.of(state) + why,
                        null);
            }
            boolean reached = state == DeliveryState.DELIVERED || wait == Wait.SENT && state == DeliveryState.SENT;
            late += wait == Wait.NONE || reached ? 0 : 1;
        }
        if (late > 0) {
            throw new Failure(
                    ExitCode.TIMED_OUT,
                    "timed-out",
                    "not " + Words.of(wait) + " within " + Words.duration(timeout)
                            + (message.deliveries().size() > 1 ? " to " + Words.count(late, "peer") : ""),
                    "the node goes on trying; `parley messages " + message.id() + "` shows what becomes of it");
        }
        return ExitCode.OK;
    }

    /** A limit that the node would refuse anyway, refused before the message travels. */
    static void checkType(String mediaType) {
        if (mediaType != null
                && !mediaType.matches("[\\x21-\\x7e][\\x20-\\x7e]{0," + (AdminApi.MAX_MEDIA_TYPE - 1) + "}")) {
            throw Failure.usage(
                    "--type takes a media type: 1 to " + AdminApi.MAX_MEDIA_TYPE + " characters of printable ASCII",
                    null);
        }
    }
}
