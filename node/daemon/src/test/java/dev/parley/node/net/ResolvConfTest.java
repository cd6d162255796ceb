package dev.parley.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResolvConfTest {

    private static final ResolvConf POD = ResolvConf.parse("""
            # of a pod
            search fleet.svc.cluster.local svc.cluster.local. cluster.local
            nameserver 10.96.0.10
            nameserver not-an-address
            nameserver fd00::a
            options ndots:5 timeout:1
            """);

    @Test
    void aShortNameIsCompletedBeforeItIsTriedAsItIs() {
        assertThat(POD.candidates("parley"))
                .containsExactly(
                        "parley.fleet.svc.cluster.local", "parley.svc.cluster.local", "parley.cluster.local", "parley");
        assertThat(POD.candidates("a.b.c.d.e.f").getFirst()).isEqualTo("a.b.c.d.e.f");
        assertThat(POD.candidates("parley.example.org.")).containsExactly("parley.example.org");
    }

    @Test
    void serversAreThoseWithAnAddress() {
        assertThat(POD.servers())
                .extracting(each -> each.getAddress().getHostAddress() + " " + each.getPort())
                .containsExactly("10.96.0.10 53", "fd00:0:0:0:0:0:0:a 53");
    }

    @Test
    void withoutAFileTheMachineItselfIsAsked() {
        ResolvConf none = ResolvConf.read(Path.of("/nonexistent/resolv.conf"));
        assertThat(none.servers())
                .singleElement()
                .matches(each -> each.getAddress().isLoopbackAddress());
        assertThat(none.candidates("a.b")).containsExactly("a.b");
    }

    @Test
    void whateverIsInItIsBounded() {
        Random random = new Random(1);
        for (int run = 0; run < 2_000; run++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            String noise = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            for (String text : List.of(
                    noise,
                    "search " + noise,
                    "nameserver " + noise,
                    "options ndots:" + noise,
                    "search " + "a ".repeat(1_000) + "\n" + "nameserver 10.0.0.1\n".repeat(100)
                            + "options ndots:9999")) {
                ResolvConf conf = ResolvConf.parse(text);
                assertThat(conf.servers()).hasSizeBetween(1, 3);
                assertThat(conf.candidates("x")).hasSizeLessThanOrEqualTo(33).contains("x");
                assertThat(conf.dots()).isBetween(0, 15);
            }
        }
    }
}
