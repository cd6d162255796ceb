package dev.parley.node.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.parley.node.config.Tables;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of permissions: complete, without a doubt, and documented as it is. */
class AdminTableTest {
    @Test
    void theTableIsWhatTheCodeSays() throws Exception {
        var text = new StringBuilder("""
                # Who may do what over the admin socket

                Generated from the table in the code, `Permissions`. A request that is in no line of it is not served.

                | permission | may |
                | --- | --- |
                | read | look at the node: state, peers, sessions, limits, the size of the store, net.log. No content of a message or file, though net.log says who talks to whom |
                | operate | use it too: read and send messages and files, keep groups, follow events, end sessions and connections |
                | administer | everything: whom to trust and what to call them, whom to dial (a dial can decide about trust), the identity key, the store and its backups, forgiving an address |

                The node's own user and root have all three. Others have what these settings say, as numbers (`id NAME` tells them):

                    PARLEY_ADMIN_SOCKET=/run/parley/admin/parley.sock
                    PARLEY_ADMIN_GROUP=1500                          # who may knock: the socket gets this group
                    PARLEY_ADMIN_ALLOW_READ=gid:1500                 # its members may look
                    PARLEY_ADMIN_ALLOW_OPERATE=uid:1001,uid:1002
                    PARLEY_ADMIN_ALLOW_ADMINISTER=uid:1003

                - **Two doors.** The kernel lets through whom the modes let through: by default the node's own user alone (directory 0700,
                  socket 0600), with `parley.admin.group` that group as well (0750, 0660); never everybody. The node then asks the kernel who has
                  come, and the table what that one may do. A user who is named by `uid:` and is not in the group stays before the first door: put it into the group.
                - **The place.** With a group the socket has to be outside of the data directory, which lets nobody else through, in a directory
                  that others can reach and that belongs to the node's user; the node makes the last part of the path itself, if it is missing. The node's user has to be in the group.
                - **Groups** are those that the caller had when it connected, all of them on Linux, by the kernel's word. Root's group (0) counts only where it is
                  the caller's first.
                - **A stranger**, somebody without any permission, gets the same short refusal whatever it asks for. Whoever lacks a permission is told which.
                - **The log.** Every request is an `ADMIN_COMMAND` in net.log, refused ones too, with `needs` and `granted`. `parley whoami` shows your own.
                  Of a process that looks at the node's figures again and again (`GET` of `status`, `stats`, `doctor`, `limits`, `sessions`, `connections`, answered with 200) only the first
                  request is one; the others are an `ADMIN_REPEATED` a minute, with their number. What reads messages, files or the log, what changes anything, and what is refused, is a line each.
                - **A dead node's socket** is removed at the start, once it is clear that nobody listens there. If somebody does, or if it is no socket, the node
                  does not start, and says so. A lock beside it (`parley.sock.lock`) keeps two nodes from starting at the same moment.

                | method and path | permission |
                | --- | --- |
                """);
        for (var rule : Permissions.TABLE) {
            text.append("| `%s %s` | %s |\n"
                    .formatted(rule.method(), rule.path(), rule.needs().name().toLowerCase(Locale.ROOT)));
        }
        Tables.check("ADMIN.md", text.toString());
    }

    @Test
    void everyMethodOfAResourceIsInTheTableAndNothingElse() {
        List<String> resources = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.parley.node").stream()
                        .filter(type -> type.isAnnotatedWith(Path.class))
                        .flatMap(type -> type.getMethods().stream()
                                .flatMap(method -> verb(method)
                                        .map(verb -> verb + " "
                                                + type.getAnnotationOfType(Path.class)
                                                        .value()
                                                + method.tryGetAnnotationOfType(Path.class)
                                                        .map(Path::value)
                                                        .orElse(""))))
                        .toList();
        assertThat(Permissions.TABLE.stream().map(rule -> rule.method() + " " + rule.path()))
                .containsExactlyInAnyOrderElementsOf(resources);
    }

    @Test
    void aRequestHasOneLineAtMost() {
        for (var rule : Permissions.TABLE) {
            String path = rule.path().replaceAll("\\{\\w+}", "some");
            assertThat(Permissions.TABLE.stream()
                            .filter(each -> each.method().equals(rule.method()) && each.matches(path.split("/", -1))))
                    .containsExactly(rule);
            assertThat(Permissions.ofRequest(rule.method(), path)).contains(rule);
            assertThat(Permissions.ofRequest(rule.method(), path + "/")).contains(rule);
        }
        assertThat(Permissions.ofRequest("GET", "/v1/peers//approve")).isEmpty();
        assertThat(Permissions.ofRequest("GET", "/v1/peers/"))
                .map(Permissions.Rule::path)
                .contains("/v1/peers");
        assertThat(Permissions.ofRequest("GET", "")).isEmpty();
        assertThat(Permissions.ofRequest("OPTIONS", "/v1/peers")).isEmpty();
        assertThat(Permissions.ofRequest("HEAD", "/v1/store/backup"))
                .map(Permissions.Rule::needs)
                .contains(Permission.ADMINISTER);
    }

    private static Stream<String> verb(JavaMethod method) {
        return Arrays.stream(method.reflect().getAnnotations())
                .map(each -> each.annotationType().getAnnotation(HttpMethod.class))
                .filter(each -> each != null)
                .map(HttpMethod::value)
                .collect(Collectors.toList())
                .stream();
    }
}
