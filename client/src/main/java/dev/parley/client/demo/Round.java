package dev.parley.client.demo;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ApproveRequest;
import dev.parley.admin.ConnectReply;
import dev.parley.admin.ConnectRequest;
import dev.parley.admin.ConnectionState;
import dev.parley.admin.Delivery;
import dev.parley.admin.DeliveryState;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.HistoryEntry;
import dev.parley.admin.HistoryPage;
import dev.parley.admin.MessageInfo;
import dev.parley.admin.MessageScope;
import dev.parley.admin.NodeEvent;
import dev.parley.admin.NodeStatus;
import dev.parley.admin.PeerInfo;
import dev.parley.admin.PeerState;
import dev.parley.admin.TransferInfo;
import dev.parley.admin.TransferState;
import dev.parley.client.demo.Recording.Direction;
import dev.parley.client.http.TransportException;
import dev.parley.client.http.Upload;
import dev.parley.client.node.Node;
import dev.parley.client.node.ProblemException;
import dev.parley.client.process.NodeProcess;
import dev.parley.client.text.Plain;
import dev.parley.client.text.Words;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Both nodes from start to stop under one cipher suite. */
final class Round {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int FILE_BYTES = 1_000_000;

    private final World world;
    private final Steps steps;
    private final String suite;
    private final boolean firstMeeting;
    private final String mark = UUID.randomUUID().toString();
    private final Map<UUID, Letter> delivered = new LinkedHashMap<>();

    private NodeProcess aliceProcess;
    private NodeProcess bobProcess;
    private Operator alice;
    private Operator bob;
    private UUID session;

    /** @param firstMeeting whether the nodes have never met */
    Round(World world, Steps steps, String suite, boolean firstMeeting) {
        this.world = world;
        this.steps = steps;
        this.suite = suite;
        this.firstMeeting = firstMeeting;
    }

    void run() throws Steps.Failed {
        steps.heading("suite " + suite);
        try {
            if (firstMeeting) {
                steps.step("two nodes start, each with a new identity", this::start);
                steps.step("alice dials bob; nobody is let in without an operator's word", this::meet);
                steps.step("each operator compares the other's id, approves, verifies", this::approve);
            } else {
                steps.step("both nodes start again, with the other suite", this::start);
                steps.step("alice finds bob again by herself, and nobody is asked", this::meetAgain);
            }
            steps.step("a session is up, the same at both ends", this::session);
            steps.step("a text from alice reaches bob", this::text);
            steps.step("a picture from bob reaches alice, byte for byte", this::picture);
            steps.step("a broadcast from bob reaches alice", this::broadcast);
            steps.step("a file from alice: bob is asked, takes it, and has it byte for byte", this::file);
            steps.step("an eavesdropper on the wire sees none of it", this::wire);
            steps.step("net.log of both tells the story, and no secret", this::logs);
            steps.step("one bit is flipped on the wire: alarm, and a new session", this::tamper);
            steps.step("bob is killed; what alice writes meanwhile is there when he is back", this::absence);
            steps.step("both stop on SIGTERM", this::stop);
            steps.step("nothing of them is left running", this::nothingLeft);
        } finally {
            close(alice);
            close(bob);
        }
    }

    private void start(Steps.Facts facts) throws Exception {
        aliceProcess = world.startAlice(settings("Alice of Parley"));
        bobProcess = world.startBob(settings("Bob of Parley"));
        alice = ready(facts, aliceProcess);
        bob = ready(facts, bobProcess);
    }

    private Map<String, String> settings(String name) {
        return Map.of(
                "PARLEY_SUITES",
                suite,
                "PARLEY_RECONNECT_MIN",
                "200ms",
                "PARLEY_RECONNECT_MAX",
                "1s",
                "PARLEY_NAME",
                name);
    }

    /** Waits until a node is ready and checks that it is the one that was started. */
    private Operator ready(Steps.Facts facts, NodeProcess process) throws Exception {
        Node node = Node.at(process.socket());
        Operator.await(process.name() + " ready", START, () -> {
            process.checkAlive();
            return isReady(node) ? true : null;
        });
        Operator operator = Operator.of(process.name(), node);
        NodeStatus status = operator.status();
        expect("the process id in " + process.name() + "'s status", process.pid(), status.pid());
        expect("the address of " + process.name(), "127.0.0.1:" + process.port(), status.listen());
        expect("the suites of " + process.name(), List.of(suite), status.suites());
        facts.add(
                "%-6s process %d listens on %s, id %s …",
                process.name(),
                process.pid(),
                status.listen(),
                start(operator.identity().safetyText()));
        return operator;
    }

    /** The socket is there a moment after the process, and the node is ready a moment later. */
    private static boolean isReady(Node node) throws IOException {
        try {
            return node.get(NodeStatus.class, "/status").value().ready();
        } catch (TransportException e) {
            if (e.kind() == TransportException.Kind.UNREACHABLE) {
                return false;
            }
            throw e;
        } catch (ProblemException e) {
            if (e.code().equals(Optional.of(ErrorCode.NODE_BUSY))) {
                return false;
            }
            throw e;
        }
    }

    private void meet(Steps.Facts facts) throws Exception {
        ConnectRequest request = new ConnectRequest("127.0.0.1", world.tap().port(), null, null, null);
        ConnectReply reply = alice.node()
                .post(ConnectReply.class, "/connections", request, Node.DIAL)
                .value();
        expect("who answered alice", bob.peerId(), reply.peerId());
        expect("the state of alice's connection", ConnectionState.AWAITING_APPROVAL, reply.state());
        PeerInfo stranger = bob.awaitEvent(
                        "alice among bob's pending peers",
                        NodeEvent.PeerPending.class,
                        each -> each.peer().peerId().equals(alice.peerId()))
                .peer();
        expect("the state of alice at bob", PeerState.PENDING, stranger.state());
        facts.add("bob has proved his key to alice: %s …", start(bob.identity().safetyText()));
        facts.add(
                "bob's operator is asked about %s …, who claims to be %s",
                start(stranger.safetyText()), Plain.line(stranger.claimedName()));
    }

    /** What is wanted connected, and who is known, outlives a restart. */
    private void meetAgain(Steps.Facts facts) throws Exception {
        Operator.awaitSession(alice, bob, null);
        for (Operator each : List.of(alice, bob)) {
            List<PeerInfo> peers = each.node().list(PeerInfo.class, "/peers").value();
            expect("how many peers " + each.name() + " knows", 1, peers.size());
            expect(
                    "the state of " + each.name() + "'s peer",
                    PeerState.VERIFIED,
                    peers.getFirst().state());
        }
        facts.add("each is still verified at the other");
    }

    private void approve(Steps.Facts facts) throws Exception {
        approve(facts, bob, alice);
        approve(facts, alice, bob);
    }

    private static void approve(Steps.Facts facts, Operator operator, Operator other) throws Exception {
        Node node = operator.node();
        String peer = "/peers/" + other.peerId();
        PeerInfo shown = node.get(PeerInfo.class, peer).value();
        // What the two would read to each other over the telephone.
        expect(
                "the id of " + other.name() + " at " + operator.name(),
                other.identity().safetyText(),
                shown.safetyText());
        node.post(PeerInfo.class, peer + "/approve", new ApproveRequest(other.name()), Node.SHORT);
        node.post(PeerInfo.class, peer + "/verify", null, Node.SHORT);
        PeerInfo known = node.get(PeerInfo.class, "/peers/" + other.name()).value();
        expect("the peer called " + other.name(), other.peerId(), known.peerId());
        expect("the state of " + other.name(), PeerState.VERIFIED, known.state());
        facts.add("at %-6s %s is verified: %s", operator.name() + ":", other.name(), known.safetyText());
    }

    private void session(Steps.Facts facts) throws Exception {
        Operator.Meeting meeting = Operator.awaitSession(alice, bob, null);
        expect("the suite at alice", suite, meeting.here().suite());
        expect("the suite at bob", suite, meeting.there().suite());
        expect("the peer at alice", bob.peerId(), meeting.here().peerId());
        expect("the peer at bob", alice.peerId(), meeting.there().peerId());
        session = meeting.sessionId();
        facts.add("session %s, %s", session, suite);
    }

    private void text(Steps.Facts facts) throws Exception {
        Letter letter = Letter.text("Grüße von Alice, 你好, γειά σου, 🔐: the treasure is under " + mark);
        deliver(letter, alice, bob, MessageScope.DIRECT);
        facts.add("bob reads: %s", letter.text());
    }

    private void picture(Steps.Facts facts) throws Exception {
        Letter letter = Letter.picture(mark);
        deliver(letter, bob, alice, MessageScope.DIRECT);
        facts.add("%,d bytes of %s", letter.body().length, letter.mediaType());
    }

    private void broadcast(Steps.Facts facts) throws Exception {
        Letter letter = Letter.text("Ahoy, all of you: we sail at dawn for " + mark);
        deliver(letter, bob, alice, MessageScope.BROADCAST);
        facts.add("alice reads: %s", letter.text());
    }

    private void file(Steps.Facts facts) throws Exception {
        byte[] content =
                Letter.text("the log of our voyage, for " + mark + ". ").body();
        byte[] file = Arrays.copyOf(content, FILE_BYTES);
        for (int at = content.length; at < file.length; at += content.length) {
            System.arraycopy(content, 0, file, at, Math.min(content.length, file.length - at));
        }
        UUID id = alice.node()
                .upload(
                        TransferInfo.class,
                        "/files?peer=" + bob.name() + "&name=voyage.txt&mediaType=text/plain",
                        new Upload(AdminApi.BYTES, file.length, out -> out.write(file)))
                .value()
                .id();
        bob.awaitEvent(
                "the file offered to bob",
                NodeEvent.FileOffered.class,
                each -> each.transfer().id().equals(id));
        bob.node().post(TransferInfo.class, "/files/" + id + "/accept", null, Node.SHORT);
        for (Operator each : List.of(alice, bob)) {
            Operator.await("the file complete at " + each.name(), SOON, () -> {
                TransferInfo now =
                        each.node().get(TransferInfo.class, "/files/" + id).value();
                return now.state() == TransferState.COMPLETE ? now : null;
            });
        }
        var got = new ByteArrayOutputStream();
        bob.node().download("/files/" + id + "/content", got);
        if (!Arrays.equals(file, got.toByteArray())) {
            throw new Steps.Failed("bob got another file than was sent");
        }
        evidence().hides(content);
        facts.add("%,d bytes of voyage.txt; neither the wire nor a file of bob's node shows a line of it", file.length);
    }

    /** Sends, and sees it delivered at the sender and read at the receiver. */
    private void deliver(Letter letter, Operator from, Operator to, MessageScope scope) throws Exception {
        MessageInfo sent = from.node()
                .post(
                        MessageInfo.class,
                        "/messages?wait=delivered&timeout=" + SOON,
                        letter.request(scope == MessageScope.BROADCAST ? null : to.name()),
                        SOON.plusSeconds(5))
                .value();
        expect("how many it went to", 1, sent.deliveries().size());
        Delivery delivery = sent.deliveries().getFirst();
        expect("whom it went to", to.peerId(), delivery.peerId());
        expect("the state at the sender", DeliveryState.DELIVERED, delivery.state());
        NodeEvent.MessageReceived read = to.awaitEvent(
                "the message at " + to.name(),
                NodeEvent.MessageReceived.class,
                each -> each.id().equals(sent.id()));
        expect("the sender that " + to.name() + " sees", from.peerId(), read.peerId());
        expect("the scope", scope, read.scope());
        expect("the media type", letter.mediaType(), read.mediaType());
        byte[] body = read.text() != null
                ? read.text().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(read.bodyBase64());
        if (!Arrays.equals(body, letter.body())) {
            throw new Steps.Failed(to.name() + " got other bytes than were sent");
        }
        delivered.put(sent.id(), letter);
    }

    private void wire(Steps.Facts facts) throws Exception {
        evidence().wire(facts, List.of(alice, bob));
    }

    private void logs(Steps.Facts facts) throws Exception {
        evidence().logs(facts, session);
    }

    private Evidence evidence() {
        return new Evidence(world, List.of(aliceProcess, bobProcess), delivered);
    }

    private void tamper(Steps.Facts facts) throws Exception {
        world.tap().flipOneBit(Direction.OUT);
        Letter damaged = Letter.text("this one is damaged on its way, " + mark);
        alice.node().post(MessageInfo.class, "/messages", damaged.request(bob.name()), Node.SHORT);
        bob.awaitEvent("the alarm at bob", NodeEvent.Tampering.class, each -> session.equals(each.sessionId()));
        var alarm = Operator.await(
                "TAMPERING in bob's net.log",
                SOON,
                () -> AuditTrail.read(bobProcess.netLog())
                        .find("TAMPERING", "session", session)
                        .orElse(null));
        facts.add("bob's net.log: %s", AuditTrail.show(alarm));
        UUID next = Operator.awaitSession(alice, bob, session).sessionId();
        deliver(Letter.text("and we talk again, " + mark), alice, bob, MessageScope.DIRECT);
        facts.add("session %s took its place, and the next text arrived", next);
    }

    private void absence(Steps.Facts facts) throws Exception {
        bob.close();
        bobProcess.kill();
        Letter letter = Letter.text("for when you are back: the map is with " + mark);
        MessageInfo taken = alice.node()
                .post(MessageInfo.class, "/messages", letter.request(bob.name()), Node.SHORT)
                .value();
        facts.add(
                "alice's node has the message, which is %s",
                Words.of(taken.deliveries().getFirst().state()));
        bobProcess = world.startBob(settings("Bob of Parley"));
        bob = ready(facts, bobProcess);
        Operator.await("the message delivered", SOON, () -> {
            MessageInfo now = alice.node()
                    .get(MessageInfo.class, "/messages/" + taken.id())
                    .value();
            return now.deliveries().getFirst().state() == DeliveryState.DELIVERED ? now : null;
        });
        HistoryPage page = bob.node()
                .get(HistoryPage.class, "/history?peer=" + alice.name() + "&limit=1")
                .value();
        HistoryEntry last = page.entries().getLast();
        expect("the last message in bob's history", taken.id(), last.id());
        expect("its text", letter.text(), last.text());
        expect("whether it is unread", true, last.unread());
        facts.add("bob reads: %s", last.text());
    }

    private void stop(Steps.Facts facts) throws Exception {
        for (NodeProcess each : List.of(aliceProcess, bobProcess)) {
            long begun = System.nanoTime();
            expect("the exit code of " + each.name(), 0, each.stop());
            long millis = (System.nanoTime() - begun) / 1_000_000;
            var end = AuditTrail.read(each.netLog()).lines().reversed();
            expect("the last event of " + each.name() + "'s net.log", "NODE_STOPPED", AuditTrail.event(end.get(1)));
            expect(
                    "the seal of " + each.name() + "'s net.log",
                    "STOP",
                    end.getFirst().get("reason"));
            facts.add("%-6s exit code 0 after %d ms", each.name(), millis);
        }
    }

    private void nothingLeft(Steps.Facts facts) throws Exception {
        List<String> remains = new ArrayList<>(aliceProcess.remains());
        remains.addAll(bobProcess.remains());
        for (Operator each : List.of(alice, bob)) {
            Integer port = each.status().managementPort();
            if (port != null && NodeProcess.isOpen(port)) {
                remains.add(each.name() + "'s management port " + port);
            }
        }
        if (!remains.isEmpty()) {
            throw new Steps.Failed("still there: " + String.join(", ", remains));
        }
        facts.add("no process, no open port, no socket");
    }

    /** The first groups of an id that is written in groups. */
    private static String start(String safetyText) {
        return safetyText.substring(0, Math.min(19, safetyText.length()));
    }

    private static void expect(String what, Object expected, Object actual) throws Steps.Failed {
        if (!expected.equals(actual)) {
            throw new Steps.Failed(what + " should be " + expected + " and is " + actual);
        }
    }

    private static void close(Operator operator) {
        if (operator != null) {
            operator.close();
        }
    }
}
