package dev.parley.node.control;

import static dev.parley.node.control.GuardTest.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.admin.ErrorCode;
import dev.parley.admin.SendRequest;
import dev.parley.node.control.LivePeers.Live;
import dev.parley.node.message.Messages;
import dev.parley.node.trust.KnownPeers;
import dev.parley.protocol.Ending;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Record.AckStatus;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages to peers that come and go, and messages that come, as the operator sees them. */
@QuarkusTest
@TestProfile(TcpProfile.class)
class DeliveryTest {
    private static final int WINDOW = 1_024;
    private static final int MANY = 1_200;
    private static final Ending LOST = LivePeers.ended(Ending.How.LOST, Failure.NORMAL);

    @Inject
    LivePeers live;

    @Inject
    KnownPeers peers;

    @Inject
    Messages messages;

    @Inject
    MessageComposer composer;

    @AfterEach
    void clear() {
        live.clear();
    }

    private static RequestSpecification json(Object body) {
        return given().contentType("application/json").body(body);
    }

    private Identity absent(String alias) {
        Identity identity = LivePeers.identity(alias, "");
        peers.introduce(identity.peerId(), Optional.of(alias), List.of(alias + ".example:3001"));
        return identity;
    }

    private static String send(String to, String text) {
        return json(SendRequest.text(to, text))
                .post("/v1/messages")
                .then()
                .statusCode(202)
                .body("deliveries[0].state", equalTo("QUEUED"))
                .extract()
                .path("id");
    }

    private static List<String> texts(Live to) {
        return to.link().messages().stream()
                .map(each -> new String(each.payload(), StandardCharsets.UTF_8))
                .toList();
    }

    private static ValidatableResponse message(String id) {
        return given().get("/v1/messages/" + id).then().statusCode(200);
    }

    private static void awaitState(String id, String state) {
        await().untilAsserted(() -> message(id).body("deliveries[0].state", equalTo(state)));
    }

    private void receive(Live from, UUID id, String text) {
        var message = new Record.Message(
                id, 1000, Record.Scope.DIRECT, "", "text/plain", text.getBytes(StandardCharsets.UTF_8));
        live.receive(from, message);
    }

    private void acknowledgeAll(Live of, int from, int to) {
        of.link().messages().subList(from, to).forEach(each -> live.acknowledge(of, each, AckStatus.STORED));
    }

    private static List<AckStatus> acks(Live of) {
        return of.link().sent.stream()
                .filter(Record.Ack.class::isInstance)
                .flatMap(each -> ((Record.Ack) each).entries().stream())
                .map(Record.AckEntry::status)
                .toList();
    }

    @Test
    void whatIsSentToAnAbsentPeerGoesOutInOrderWhenItComes() {
        Identity bob = absent("bob");
        List<String> sent = IntStream.range(0, MANY).mapToObj(i -> "m" + i).toList();
        sent.forEach(text -> messages.send(composer.draft(SendRequest.text("bob", text)), false));
        await().untilAsserted(() -> given().get("/v1/peers/bob").then().body("waiting", equalTo(MANY)));
        Live session = live.session(bob, true);
        // The window is full before all have gone.
        await().until(() -> texts(session).size() == WINDOW);
        acknowledgeAll(session, 0, WINDOW);
        await().until(() -> texts(session).size() == MANY);
        acknowledgeAll(session, WINDOW, MANY);
        assertThat(texts(session)).isEqualTo(sent);
        await().untilAsserted(() -> given().get("/v1/peers/bob").then().body("waiting", equalTo(0)));
    }

    @Test
    void aPeerWhoseOutboxIsFullHoldsUpNobodyElse() {
        Live bob = live.session(absent("bob"), true);
        Live dora = live.session(absent("dora"), true);
        for (int i = 0; i < TcpProfile.OUTBOX_MESSAGES_PER_PEER; i++) {
            messages.send(composer.draft(SendRequest.text("bob", "m" + i)), false);
        }
        await().until(() -> texts(bob).size() == WINDOW);
        problem(
                json(SendRequest.text("bob", "one too many"))
                        .post("/v1/messages")
                        .then(),
                ErrorCode.QUOTA_REACHED);
        String id = send("dora", "and you?");
        await().until(() -> texts(dora).equals(List.of("and you?")));
        live.acknowledge(dora, dora.link().messages().getFirst(), AckStatus.STORED);
        awaitState(id, "DELIVERED");
        assertThat(texts(bob)).as("nothing was acknowledged there").hasSize(WINDOW);
    }

    @Test
    void whatWasNotAcknowledgedGoesOutAgainOnTheNextSessionAndEachAttemptIsKnown() {
        Identity bob = absent("bob");
        String id = send("bob", "twice");
        Live first = live.session(bob, true);
        await().until(() -> texts(first).size() == 1);
        live.written(first, first.link().messages().getFirst());
        awaitState(id, "SENT");
        live.end(first, LOST);
        Live second = live.session(bob, true);
        await().until(() -> texts(second).size() == 1);
        assertThat(second.link().messages().getFirst().id()).hasToString(id);
        live.acknowledge(second, second.link().messages().getFirst(), AckStatus.DUPLICATE);
        awaitState(id, "DELIVERED");
        message(id)
                .body("deliveries[0].attempts", hasSize(2))
                .body(
                        "deliveries[0].attempts.sessionId",
                        equalTo(List.of(
                                first.session().id().toString(),
                                second.session().id().toString())))
                .body("deliveries[0].attempts.at", everyItem(notNullValue()));
    }

    @Test
    void withTwoSessionsUpAMessageIsOnItsWayOverOneAlone() {
        Live first = live.up("bob");
        Live second = live.session(first.identity(), true);
        send("bob", "once");
        await().until(() -> texts(first).size() + texts(second).size() == 1);
        // Which of the two stays is the registry's business; the message needs whatever session comes.
        live.end(first, LOST);
        live.end(second, LOST);
        Live third = live.session(first.identity(), true);
        await().until(() -> texts(third).equals(List.of("once")));
    }

    @Test
    void aMessageThatWaitsCanBeTakenBack() {
        Identity bob = absent("bob");
        String id = send("bob", "never mind");
        given().delete("/v1/messages/" + id)
                .then()
                .statusCode(200)
                .body("deliveries[0].state", equalTo("CANCELLED"))
                .body("deliveries[0].reason", equalTo("by the operator"));
        String next = send("bob", "this one");
        Live session = live.session(bob, true);
        await().until(() -> !texts(session).isEmpty());
        assertThat(texts(session)).containsExactly("this one");
        problem(given().delete("/v1/messages/" + id).then(), ErrorCode.MESSAGE_STATE)
                .body("detail", equalTo("the message has ended"));
        problem(given().delete("/v1/messages/" + next).then(), ErrorCode.MESSAGE_STATE)
                .body("detail", containsString("on its way"));
    }

    @Test
    void whatWasSentBeforeAndIsTakenBackSaysThatItMayHaveArrived() {
        Live session = live.up("bob");
        String id = send("bob", "hi");
        await().until(() -> texts(session).size() == 1);
        live.written(session, session.link().messages().getFirst());
        awaitState(id, "SENT");
        live.end(session, LOST);
        given().delete("/v1/messages/" + id).then().body("deliveries[0].reason", containsString("may have arrived"));
    }

    @Test
    void aMessageExpires() {
        Identity bob = absent("bob");
        String id = json(new SendRequest("bob", null, null, null, "soon", null, "PT1S"))
                .post("/v1/messages")
                .then()
                .statusCode(202)
                .body("expiresAt", notNullValue())
                .extract()
                .path("id");
        awaitState(id, "EXPIRED");
        Live session = live.session(bob, true);
        send("bob", "later");
        await().until(() -> !texts(session).isEmpty());
        assertThat(texts(session)).containsExactly("later");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.5S", "P61D", "-PT5S", "1h", ""})
    void aLifeThatMakesNoSenseIsRefused(String expiresIn) {
        absent("bob");
        problem(
                json(new SendRequest("bob", null, null, null, "hi", null, expiresIn))
                        .post("/v1/messages")
                        .then(),
                ErrorCode.INVALID_VALUE);
    }

    @Test
    void whatThePeerHasNoRoomForKeepsItsPlace() {
        Live session = live.up("bob");
        String first = send("bob", "1");
        String second = send("bob", "2");
        await().until(() -> texts(session).size() == 2);
        live.acknowledge(session, session.link().messages().get(0), AckStatus.REFUSED_FOR_NOW);
        live.acknowledge(session, session.link().messages().get(1), AckStatus.REFUSED_FOR_NOW);
        send("bob", "3");
        awaitState(first, "SENT");
        awaitState(second, "SENT");
        // Nothing overtakes what was refused: it waits for its minute.
        assertThat(texts(session)).containsExactly("1", "2");
        live.end(session, LOST);
        Live next = live.session(session.identity(), true);
        await().until(() -> texts(next).size() == 3);
        assertThat(texts(next)).containsExactly("1", "2", "3");
    }

    @Test
    void blockingAPeerCancelsWhatWaitsForIt() {
        Identity bob = absent("bob");
        String id = send("bob", "hi");
        peers.block(bob.peerId());
        awaitState(id, "CANCELLED");
        message(id).body("deliveries[0].reason", equalTo("the peer was blocked"));
    }

    @Test
    void aBroadcastGoesToAllThatAreTrustedPresentOrAbsent() {
        absent("bob");
        live.up("eve");
        Identity mallory = absent("mallory");
        peers.block(mallory.peerId());
        json(new SendRequest(null, true, null, null, "all", null, null))
                .post("/v1/messages")
                .then()
                .statusCode(202)
                .body("deliveries.alias", containsInAnyOrder("bob", "eve"));
        json(new SendRequest(null, true, true, null, "those here", null, null))
                .post("/v1/messages")
                .then()
                .body("deliveries.alias", equalTo(List.of("eve")));
    }

    @Test
    void aGroupHasAResultForEachMember() {
        absent("bob");
        Live eve = live.up("eve");
        Identity mallory = absent("mallory");
        given().put("/v1/groups/team").then().statusCode(200).body("members", hasSize(0));
        problem(given().put("/v1/groups/team").then(), ErrorCode.GROUP_EXISTS);
        for (String member : List.of("bob", "eve", "mallory", "bob")) {
            given().put("/v1/groups/team/members/" + member).then().statusCode(200);
        }
        given().get("/v1/groups/team")
                .then()
                .body("members.alias", equalTo(List.of("bob", "eve", "mallory")))
                .body("members.connected", equalTo(List.of(false, true, false)));
        peers.block(mallory.peerId());
        String id = json(SendRequest.text("@team", "hi team"))
                .post("/v1/messages")
                .then()
                .statusCode(202)
                .body("scope", equalTo("GROUP"))
                .body("group", equalTo("team"))
                .body("summary.QUEUED", equalTo(2))
                .body("summary.REFUSED", equalTo(1))
                .body("deliveries.find { it.alias == 'mallory' }.reason", equalTo("the peer is blocked"))
                .extract()
                .path("id");
        await().until(() -> texts(eve).size() == 1);
        assertThat(eve.link().messages().getFirst().group()).isEqualTo("team");
        live.acknowledge(eve, eve.link().messages().getFirst(), AckStatus.STORED);
        await().untilAsserted(() -> message(id).body("summary.DELIVERED", equalTo(1)));
        given().delete("/v1/groups/team/members/bob").then().body("members", hasSize(2));
        given().delete("/v1/groups/team").then().statusCode(204);
        problem(json(SendRequest.text("@team", "hi")).post("/v1/messages").then(), ErrorCode.GROUP_NOT_FOUND);
        problem(given().get("/v1/groups/team").then(), ErrorCode.GROUP_NOT_FOUND);
        problem(given().put("/v1/groups/a b").then(), ErrorCode.INVALID_VALUE);
    }

    @Test
    void whatSaysThatItIsJsonIs() {
        absent("bob");
        for (String good : List.of("{\"a\": 1}", "[1, 2]", "7", "\"text\"", "null")) {
            json(new SendRequest("bob", null, null, "application/json", good, null, null))
                    .post("/v1/messages")
                    .then()
                    .statusCode(202);
        }
        for (String bad : List.of("", "{", "{} {}", "nothing", "{'a': 1}")) {
            problem(
                            json(new SendRequest("bob", null, null, "application/vnd.x+json", bad, null, null))
                                    .post("/v1/messages")
                                    .then(),
                            ErrorCode.INVALID_VALUE)
                    .body("detail", containsString("JSON"));
        }
    }

    @Test
    void whatComesIsKeptOnceAndCountedUntilItIsRead() {
        Live bob = live.up("bob");
        UUID id = LivePeers.newMessageId();
        receive(bob, id, "hello there");
        await().until(() -> acks(bob).equals(List.of(AckStatus.STORED)));
        receive(bob, id, "hello again, with the same id");
        await().until(() -> acks(bob).equals(List.of(AckStatus.STORED, AckStatus.DUPLICATE)));
        given().get("/v1/peers/bob").then().body("unread", equalTo(1));
        int cursor = given().get("/v1/history?peer=bob")
                .then()
                .statusCode(200)
                .body("entries", hasSize(1))
                .body("entries[0].direction", equalTo("IN"))
                .body("entries[0].id", equalTo(id.toString()))
                .body("entries[0].text", equalTo("hello there"))
                .body("entries[0].unread", is(true))
                .extract()
                .path("entries[0].cursor");
        json("{\"peer\": \"bob\", \"upTo\": " + cursor + "}")
                .post("/v1/history/read")
                .then()
                .statusCode(200)
                .body("marked", equalTo(1));
        given().get("/v1/peers/bob").then().body("unread", equalTo(0));
        given().get("/v1/history?peer=bob").then().body("entries[0].unread", is(false));
        given().get("/v1/history?peer=bob&unread=true").then().body("entries", hasSize(0));
    }

    @Test
    void theSameIdOfAnotherPeerIsAnotherMessage() {
        Live bob = live.up("bob");
        Live eve = live.up("eve");
        UUID id = LivePeers.newMessageId();
        receive(bob, id, "from bob");
        receive(eve, id, "from eve");
        await().until(() ->
                acks(bob).equals(List.of(AckStatus.STORED)) && acks(eve).equals(List.of(AckStatus.STORED)));
    }

    @Test
    void theHistoryIsPagedInBothDirectionsAndSearched() {
        Live bob = live.up("bob");
        for (int i = 0; i < 6; i++) {
            if (i % 2 == 0) {
                send("bob", "out " + i);
            } else {
                receive(bob, LivePeers.newMessageId(), "In " + i);
                int stored = i / 2 + 1;
                await().until(() -> acks(bob).size() == stored);
            }
        }
        int before = given().get("/v1/history?peer=bob&limit=4")
                .then()
                .body("entries.text", equalTo(List.of("out 2", "In 3", "out 4", "In 5")))
                .body("before", notNullValue())
                .extract()
                .path("before");
        given().get("/v1/history?peer=bob&limit=4&before=" + before)
                .then()
                .body("entries.text", equalTo(List.of("out 0", "In 1")))
                .body("before", nullValue());
        int first = given().get("/v1/history?peer=bob&limit=1&before=" + before).path("entries[0].cursor");
        given().get("/v1/history?peer=bob&after=" + first)
                .then()
                .body("entries.text", equalTo(List.of("out 2", "In 3", "out 4", "In 5")));
        given().get("/v1/history?peer=bob&search=in 3")
                .then()
                .body("entries.text", equalTo(List.of("In 3")))
                .body("incomplete", is(false));
        problem(given().get("/v1/history?before=x").then(), ErrorCode.INVALID_VALUE);
        problem(given().get("/v1/history?before=1&after=1").then(), ErrorCode.INVALID_VALUE);
    }

    @Test
    void whatIsDeletedIsStillToldFromANewOne() {
        Live bob = live.up("bob");
        UUID id = LivePeers.newMessageId();
        receive(bob, id, "old");
        await().until(() -> acks(bob).equals(List.of(AckStatus.STORED)));
        String sent = send("bob", "done");
        await().until(() -> texts(bob).size() == 1);
        live.acknowledge(bob, bob.link().messages().getFirst(), AckStatus.STORED);
        awaitState(sent, "DELIVERED");
        // What was not read stays.
        given().post("/v1/store/prune?older=PT0S").then().statusCode(200).body("received", equalTo(0));
        int cursor = given().get("/v1/history?peer=bob").path("entries[0].cursor");
        json("{\"peer\": \"bob\", \"upTo\": " + cursor + "}").post("/v1/history/read");
        given().post("/v1/store/prune?older=PT0S").then().body("received", equalTo(1));
        given().get("/v1/history?peer=bob").then().body("entries", hasSize(0));
        problem(given().get("/v1/messages/" + sent).then(), ErrorCode.MESSAGE_NOT_FOUND);
        receive(bob, id, "old");
        await().until(() -> acks(bob).equals(List.of(AckStatus.STORED, AckStatus.DUPLICATE)));
        given().get("/v1/history?peer=bob").then().body("entries", hasSize(0));
    }

    @Test
    void theStoreSaysWhatItHoldsAndCanBeCopiedAndCompacted() {
        absent("bob");
        send("bob", "waits");
        given().get("/v1/store")
                .then()
                .statusCode(200)
                .body("writable", is(true))
                .body("peers.find { it.alias == 'bob' }.waiting.messages", equalTo(1));
        byte[] backup = given().get("/v1/store/backup")
                .then()
                .statusCode(200)
                .contentType("application/octet-stream")
                .header("Content-Length", notNullValue())
                .header("Transfer-Encoding", nullValue())
                .extract()
                .asByteArray();
        assertThat(new String(backup, 0, 15, StandardCharsets.US_ASCII)).isEqualTo("SQLite format 3");
        given().post("/v1/store/compact").then().statusCode(200).body("reclaimable", equalTo(0));
        given().contentType("application/octet-stream")
                .body(backup)
                .post("/v1/store/restore")
                .then()
                .statusCode(200)
                .body("bytes", equalTo(backup.length))
                .body("backedUpAt", notNullValue());
        given().get("/v1/status").then().body("warnings", hasItem(containsString("starts the next time")));
        problem(
                given().contentType("application/octet-stream")
                        .body(Arrays.copyOf(backup, backup.length / 2))
                        .post("/v1/store/restore")
                        .then(),
                ErrorCode.BACKUP_INVALID);
    }
}
