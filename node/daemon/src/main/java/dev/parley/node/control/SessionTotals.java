package dev.parley.node.control;

import dev.parley.admin.NodeStats;
import dev.parley.node.session.Session;
import dev.parley.node.session.SessionObserver;
import dev.parley.node.session.SessionRegistry;
import dev.parley.protocol.Ending;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What all sessions have carried since the start, so that a sum does not shrink when one of them ends. */
@ApplicationScoped
class SessionTotals implements SessionObserver {
    private final SessionRegistry sessions;
    private NodeStats.Traffic ended = new NodeStats.Traffic(0, 0, 0, 0);
    private NodeStats.Traffic told = ended;

    SessionTotals(SessionRegistry sessions) {
        this.sessions = sessions;
    }

    @Override
    public synchronized void sessionEnded(Session session, Ending ending) {
        ended = plus(ended, session);
    }

    /** Never less than the last time. */
    synchronized NodeStats.Traffic now() {
        NodeStats.Traffic sum = ended;
        for (Session each : List.copyOf(sessions.all())) {
            sum = plus(sum, each);
        }
        // Between the end of a session and the word of it, it is in neither.
        told = new NodeStats.Traffic(
                Math.max(told.messagesSent(), sum.messagesSent()),
                Math.max(told.messagesReceived(), sum.messagesReceived()),
                Math.max(told.bytesSent(), sum.bytesSent()),
                Math.max(told.bytesReceived(), sum.bytesReceived()));
        return told;
    }

    private static NodeStats.Traffic plus(NodeStats.Traffic sum, Session session) {
        return new NodeStats.Traffic(
                sum.messagesSent() + session.messagesSent.sum(),
                sum.messagesReceived() + session.messagesReceived.sum(),
                sum.bytesSent() + session.bytesSent(),
                sum.bytesReceived() + session.bytesReceived());
    }
}
