package dev.parley.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.node.testing.NodeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStartIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Map<String, String> QUICK = Map.of("parley.identity.bits", "2048");

    @TempDir
    Path home;

    /** What else may be wrong with it: {@code CredentialsFileTest}. */
    @Test
    void aMalformedFileIsOneLineAndCode2AndInNetLog() throws Exception {
        String text = "127.0.0.1 70000";
        var file = Files.writeString(home.resolve("CREDENTIALS.txt"), text);
        try (var node = NodeProcess.launch(home, QUICK)) {
            assertThat(node.awaitExit(START)).isEqualTo(2);
            assertThat(node.errors().lines())
                    .singleElement()
                    .asString()
                    .contains("CREDENTIALS.txt, line 1: ", "<ipv4> <port>");
            assertThat(node.netLog()).contains("\"event\":\"CONFIG_ERROR\"", "CREDENTIALS.txt, line 1: ");
        }
        assertThat(file).as("it is the operator's file").hasContent(text);
    }

    @Test
    void aWrongSettingIsOneLineAndCode2AndInNetLog() throws Exception {
        try (var node = NodeProcess.launch(home, Map.of("parley.listen.port", "abc"))) {
            assertThat(node.awaitExit(START)).isEqualTo(2);
            assertThat(node.errors().lines())
                    .singleElement()
                    .asString()
                    .startsWith("parley: parley.listen.port must be a whole number, from 0 to 65535")
                    .doesNotContain("abc");
            assertThat(node.netLog()).contains("\"event\":\"CONFIG_ERROR\",\"key\":\"parley.listen.port\"");
        }
    }

    @Test
    void aPortInUseIsOneLineThatNamesItAndCode3AndInNetLog() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var port = Integer.toString(taken.getLocalPort());
            Files.writeString(home.resolve("CREDENTIALS.txt"), "127.0.0.1 " + port);
            try (var node = NodeProcess.launch(home, QUICK)) {
                assertThat(node.awaitExit(START)).isEqualTo(3);
                assertThat(node.errors().lines().filter(line -> line.startsWith("parley: ")))
                        .singleElement()
                        .asString()
                        .contains("port " + port, "in use");
                assertThat(node.netLog()).contains("\"event\":\"PORT_IN_USE\"", "\"port\":" + port);
            }
        }
    }

    @Test
    @Tag("long")
    void aManagementPortInUseIsTheSame() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var port = Integer.toString(taken.getLocalPort());
            var settings = Map.of(
                    "parley.identity.bits",
                    "2048",
                    "parley.listen.host",
                    "127.0.0.1",
                    "parley.listen.port",
                    "0",
                    "quarkus.management.port",
                    port);
            try (var node = NodeProcess.launch(home, settings)) {
                assertThat(node.awaitExit(START)).isEqualTo(3);
                assertThat(node.errors().lines().filter(line -> !line.contains(" INFO ")))
                        .singleElement()
                        .asString()
                        .startsWith("parley: cannot serve health and metrics: port " + port)
                        .contains("in use", "quarkus.management.port");
                assertThat(node.netLog()).contains("\"event\":\"PORT_IN_USE\"", "\"port\":" + port);
            }
        }
    }

    @Test
    @Tag("long")
    void aDamagedIdentityKeyIsOneLineThatSaysWhatToDo() throws Exception {
        try (var node = NodeProcess.start(home, QUICK)) {
            assertThat(node.stop(STOP)).isZero();
        }
        var key = home.resolve("data/identity.pem");
        var pem = Files.readString(key);
        Files.writeString(key, pem.substring(0, pem.length() / 2));
        try (var node = NodeProcess.launch(home, QUICK)) {
            assertThat(node.awaitExit(START)).isEqualTo(5);
            assertThat(node.errors().lines().filter(line -> !line.contains(" INFO ")))
                    .singleElement()
                    .asString()
                    .contains("identity.pem is damaged", "backup");
            assertThat(node.netLog()).contains("\"event\":\"START_FAILED\",\"exitCode\":5");
        }
        assertThat(key).as("it is not written over").hasContent(pem.substring(0, pem.length() / 2));
    }

    /** A temporary directory belongs to everybody; what the node runs as code does not come from there. */
    @Test
    void theStoresDriverIsUnpackedIntoTheDataDirectory() throws Exception {
        var temporary = Files.createDirectory(home.resolve("temporary"));
        var settings = new HashMap<>(QUICK);
        settings.put("java.io.tmpdir", temporary.toString());
        try (var node = NodeProcess.start(home, settings)) {
            assertThat(home.resolve("data/native").toFile().list()).anyMatch(name -> name.contains("sqlite"));
            assertThat(temporary.toFile().list()).noneMatch(name -> name.contains("sqlite"));
            assertThat(node.stop(STOP)).isZero();
        }
    }

    @Test
    void aFirstStartMakesKeyDirectoryAndSocketForTheOwnerAloneAndStopsWithCode0() throws Exception {
        try (var node = NodeProcess.start(home, QUICK)) {
            assertThat(permissions("data")).isEqualTo("rwx------");
            assertThat(permissions("data/identity.pem")).isEqualTo("rw-------");
            assertThat(permissions("data/net.log")).isEqualTo("rw-------");
            assertThat(permissions("data/admin")).isEqualTo("rwx------");
            assertThat(node.stop(STOP)).isZero();
            assertThat(node.output()).isEmpty();
            var end = node.netLog().lines().toList().reversed();
            assertThat(end.get(1)).contains("\"event\":\"NODE_STOPPED\"");
            assertThat(end.getFirst()).contains("\"event\":\"CHECKPOINT\",\"reason\":\"STOP\"");
        }
    }

    @Test
    @Tag("long")
    void aMissingFileIsWrittenWithTheDefault() throws Exception {
        try (var node = NodeProcess.launch(home, Map.of("parley.identity.bits", "2048", "parley.listen.port", "0"))) {
            node.awaitReady();
            assertThat(home.resolve("CREDENTIALS.txt")).hasContent("127.0.0.1 3001");
            assertThat(node.netLog()).contains("\"event\":\"CREDENTIALS_WRITTEN\"");
            assertThat(node.errors()).contains("CREDENTIALS.txt");
        }
    }

    @Test
    void aSecondNodeOnTheDirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
        try (var first = NodeProcess.start(home, QUICK)) {
            var elsewhere = Files.createDirectory(home.resolve("second"));
            var data = Map.of("parley.data-dir", home.resolve("data").toString(), "parley.listen.port", "0");
            try (var second = NodeProcess.launch(elsewhere, data)) {
                assertThat(second.awaitExit(START)).isEqualTo(4);
                assertThat(second.errors()).contains("in use by another node (process " + first.pid() + ")");
            }
            assertThat(first.stop(STOP)).isZero();
        }
    }

    @Test
    @Tag("long")
    void aSecondNodeOnTheSocketIsRefusedAndTheFirstGoesOn() throws Exception {
        try (var first = NodeProcess.start(home, QUICK)) {
            var elsewhere = Files.createDirectory(home.resolve("second"));
            var settings = Map.of("parley.admin.socket", first.socket().toString(), "parley.listen.port", "0");
            try (var second = NodeProcess.launch(elsewhere, settings)) {
                assertThat(second.awaitExit(START)).isEqualTo(4);
                assertThat(second.errors())
                        .contains("the admin socket " + first.socket() + " is in use by another node");
                assertThat(Files.readString(elsewhere.resolve("data/net.log")))
                        .contains("\"event\":\"START_FAILED\",\"exitCode\":4");
            }
            assertThat(first.socket()).exists();
            assertThat(first.stop(STOP)).isZero();
        }
    }

    @Test
    @Tag("long")
    void anIdentityKeyThatOthersCanReadIsRefused() throws Exception {
        try (var node = NodeProcess.start(home, QUICK)) {
            assertThat(node.stop(STOP)).isZero();
        }
        Files.setPosixFilePermissions(home.resolve("data/identity.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        try (var node =
                NodeProcess.launch(home, Map.of("parley.listen.host", "127.0.0.1", "parley.listen.port", "0"))) {
            assertThat(node.awaitExit(START)).isEqualTo(5);
            assertThat(node.errors()).contains("chmod 600");
        }
    }

    @Test
    void afterAKillTheSameNodeComesUpAgain() throws Exception {
        try (var node = NodeProcess.start(home, QUICK)) {
            node.kill();
            assertThat(node.netLog()).contains("\"event\":\"NODE_READY\"");
        }
        var identity = Files.readString(home.resolve("data/identity.pem"));
        try (var node = NodeProcess.start(home, QUICK)) {
            assertThat(home.resolve("data/identity.pem")).hasContent(identity);
            assertThat(node.stop(STOP)).isZero();
        }
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(name)));
    }

    /** As an orchestrator mounts it: PKCS#1, not the owner's to write, the group's to read. */
    @Test
    @Tag("long")
    void aMountedKeyIsTheIdentityAndItsCertificateIsShown() throws Exception {
        Assumptions.assumeTrue(openssl("version"));
        Path tls = Files.createDirectory(home.resolve("tls"));
        assertThat(openssl(
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "9",
                        "-subj",
                        "/CN=fleet",
                        "-keyout",
                        tls + "/ca.key",
                        "-out",
                        tls + "/ca.crt"))
                .isTrue();
        assertThat(openssl(
                        "req",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-subj",
                        "/CN=x",
                        "-keyout",
                        tls + "/pkcs8.key",
                        "-out",
                        tls + "/x.csr",
                        "-addext",
                        "subjectAltName=DNS:x.example"))
                .isTrue();
        assertThat(openssl("rsa", "-traditional", "-in", tls + "/pkcs8.key", "-out", tls + "/tls.key"))
                .isTrue();
        assertThat(openssl(
                        "x509",
                        "-req",
                        "-in",
                        tls + "/x.csr",
                        "-CA",
                        tls + "/ca.crt",
                        "-CAkey",
                        tls + "/ca.key",
                        "-CAcreateserial",
                        "-days",
                        "5",
                        "-copy_extensions",
                        "copy",
                        "-out",
                        tls + "/tls.crt"))
                .isTrue();
        assertThat(Files.readString(tls.resolve("tls.key"))).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        var settings = Map.of(
                "parley.identity.key-file", "tls/tls.key",
                "parley.identity.certificate", "tls/tls.crt",
                "parley.trust.mode", "ca",
                "parley.trust.ca.anchors", "tls/ca.crt",
                "parley.listen.port", "0");
        Files.setPosixFilePermissions(tls.resolve("tls.key"), PosixFilePermissions.fromString("r--r--r--"));
        try (var node = NodeProcess.launch(home, settings)) {
            assertThat(node.awaitExit(START)).isEqualTo(5);
            assertThat(node.errors()).contains("open to other users").contains("chmod o=");
        }
        Files.setPosixFilePermissions(tls.resolve("tls.key"), PosixFilePermissions.fromString("r--r-----"));
        try (var node = NodeProcess.start(home, settings)) {
            assertThat(node.netLog())
                    .contains("\"event\":\"CERTIFICATE_LOADED\"", "\"event\":\"ANCHORS_LOADED\"")
                    .contains("CN=x")
                    .doesNotContain("IDENTITY_CREATED");
            assertThat(home.resolve("data/identity.pem")).doesNotExist();
        }
        var absent = new java.util.HashMap<>(settings);
        absent.put("parley.identity.key-file", "tls/none.key");
        try (var node = NodeProcess.launch(home, absent)) {
            assertThat(node.awaitExit(START)).isEqualTo(2);
            assertThat(node.errors()).contains("parley.identity.key-file must name a file that is there");
        }
    }

    @Test
    void trustModeCaNeedsAuthorities() throws Exception {
        try (var node = NodeProcess.launch(home, Map.of("parley.trust.mode", "ca"))) {
            assertThat(node.awaitExit(START)).isEqualTo(2);
            assertThat(node.errors()).contains("parley.trust.ca.anchors must name the certificates of the authorities");
        }
    }

    private static boolean openssl(String... arguments) throws InterruptedException {
        var command = new java.util.ArrayList<>(java.util.List.of("openssl"));
        command.addAll(java.util.List.of(arguments));
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
