package dev.parley.client;

import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code parley limits} and {@code whoami}. */
class LimitsTest {
    private static final String HELD = json("{'address':'203.0.113.7','cost':1840,'refused':97,"
            + "'since':'2026-01-01T11:58:00Z','freeAt':'2026-01-01T12:01:53Z','trusted':false}");
    private static final String LIMITS = json("{'limits':[{'name':'handshakes','used':3,'max':512,'perAddress':32},"
                    + "{'name':'unwraps-waiting','used':0,'max':64}],'refused':{'held-back':97,'half-open':2},'threshold':1000,"
                    + "'halfLifeMillis':60000,'heldBackTotal':2,'heldBack':[")
            + HELD + "]}";

    private final FakeTransport transport = new FakeTransport();

    private Invocation run(String... arguments) {
        return Invocation.run(transport, arguments);
    }

    @Test
    void whoIsHeldBackAndWhatIsInUse() {
        transport.on("GET /v1/limits", 200, LIMITS);
        assertThat(run("limits").out())
                .containsSubsequence(
                        "handshakes       3     512  32",
                        "unwraps waiting  0     64   -",
                        "97 held-back, 2 half-open",
                        "a cost of 1000 on, which halves in 1 m",
                        "203.0.113.7  1840  97       2 m ago  in 1 m  no");
        assertThat(run("limits").err()).isEqualTo("and 1 that cost less\n");
        assertThat(run("limits", "--json").out()).isEqualTo(LIMITS + "\n");
    }

    @Test
    void nobody() {
        transport.on("GET /v1/limits", 200, LIMITS.replace(HELD, "").replace("Total\":2", "Total\":0"));
        assertThat(run("limits").out()).endsWith("\nno address is held back\n");
    }

    @Test
    void forgiving() {
        transport.on(
                "POST /v1/limits/forgive", 200, json("{'address':'2001:db8:0:0::/64','cost':1840,'wasHeldBack':true}"));
        assertThat(run("limits", "forgive", "2001:db8::7"))
                .isEqualTo(
                        new Invocation("forgave 2001:db8:0:0::/64 a cost of 1840, it is held back no longer\n", "", 0));
        FakeTransport none = new FakeTransport()
                .on(
                        "POST /v1/limits/forgive",
                        404,
                        problem("address-not-found", 404, "nothing is held against 192.0.2.1", null));
        assertThat(Invocation.run(none, "limits", "forgive", "192.0.2.1"))
                .isEqualTo(new Invocation("", "error: nothing is held against 192.0.2.1\n", 6));
        assertThat(run("limits", "forgive").exitCode()).isEqualTo(2);
    }

    @Test
    void whoami() {
        String caller = json("{'uid':1000,'gid':100,'pid':42,'permission':'OPERATE'}");
        transport.on("GET /v1/caller", 200, caller);
        assertThat(run("whoami").out()).isEqualTo("user 1000, group 100, process 42: operate\n");
        assertThat(run("whoami", "--json").out()).isEqualTo(caller + "\n");
    }

    @Test
    void whoMayNotDoItIsToldWhatItTakes() {
        transport.on("GET /v1/limits", 403, problem("permission-denied", 403, "this needs the permission read", "ask"));
        assertThat(run("limits"))
                .isEqualTo(new Invocation("", "error: this needs the permission read\nhint: ask\n", 4));
    }
}
