package dev.parley.node.control;

import static dev.parley.node.control.GuardTest.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.admin.ErrorCode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may come as the body of a request, on one resource for all. */
@QuarkusTest
@TestProfile(TcpProfile.class)
class RequestBodyTest {
    private static RequestSpecification json(String body) {
        return given().contentType("application/json").body(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{|the body is not JSON",
                "nonsense|the body is not JSON",
                "{'to':'a','to':'b'}|the body is not JSON",
                "[]|the body is not a JSON object",
                "'text'|the body is not a JSON object",
                "{} {}|goes on after the end",
            })
    void refusesWhatIsNotAJsonObject(String body, String detail) {
        problem(json(body.replace('\'', '"')).post("/v1/messages").then(), ErrorCode.MALFORMED_REQUEST)
                .body("detail", containsString(detail));
    }

    @Test
    void refusesAnEmptyBody() {
        problem(given().contentType("application/json").post("/v1/messages").then(), ErrorCode.MALFORMED_REQUEST)
                .body("detail", equalTo("the request has no body"));
    }

    @Test
    void refusesAnUnknownFieldAndNamesThoseThatAreKnown() {
        problem(json("{\"too\":\"bob\"}").post("/v1/messages").then(), ErrorCode.UNKNOWN_FIELD)
                .body("detail", equalTo("the field 'too' is not known here"))
                .body(
                        "hint",
                        equalTo("known fields: bodyBase64, broadcast, connected, expiresIn, mediaType, text, to"));
    }

    @Test
    void anUnknownFieldCannotDriveATerminal() {
        problem(json("{\"\\u001b[2J\\u202e\":1}").post("/v1/messages").then(), ErrorCode.UNKNOWN_FIELD)
                .body("detail", equalTo("the field '\uFFFD[2J\uFFFD' is not known here"));
    }

    @Test
    void refusesAnotherMediaType() {
        problem(
                given().contentType("text/plain")
                        .body("hi")
                        .post("/v1/messages")
                        .then(),
                ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void refusesABodyThatSaysItIsTooLongBeforeItComes() throws Exception {
        String answer = raw("Content-Length: " + (AdminGuard.MAX_REQUEST_BYTES + 1) + "\r\n\r\n", 0);
        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .contains("\"code\":\"" + ErrorCode.REQUEST_TOO_LARGE.code())
                .contains("it has " + (AdminGuard.MAX_REQUEST_BYTES + 1) + " bytes");
    }

    @Test
    void refusesABodyThatTurnsOutTooLong() throws Exception {
        String answer = raw("Transfer-Encoding: chunked\r\n\r\n", 200);
        assertThat(answer).startsWith("HTTP/1.1 413").contains("\"code\":\"" + ErrorCode.REQUEST_TOO_LARGE.code());
    }

    /** Sends a POST with {@code chunks} chunks of 64 KiB, and reads the answer up to the end of the connection. */
    private static String raw(String headers, int chunks) throws IOException {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            var out = socket.getOutputStream();
            out.write(("POST /v1/messages HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\n" + headers)
                    .getBytes(StandardCharsets.US_ASCII));
            try {
                String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
                for (int i = 0; i < chunks; i++) {
                    out.write(chunk.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException closedAlready) {
                // The answer came before the body was through.
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
