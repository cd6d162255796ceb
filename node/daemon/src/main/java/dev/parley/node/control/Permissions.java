package dev.parley.node.control;

import static dev.parley.node.control.Permission.ADMINISTER;
import static dev.parley.node.control.Permission.OPERATE;
import static dev.parley.node.control.Permission.READ;

import dev.parley.admin.AdminApi;
import java.util.List;
import java.util.Optional;

/**
 * What each request of the admin API needs. This table is the only place that says so: what is not in it is not served.
 * A new resource gets its line here, or tests fail.
 */
final class Permissions {
    /**
     * One line of the table.
     *
     * @param path of the resource; {@code {name}} stands for one segment
     */
    record Rule(String method, String path, Permission needs) {
        boolean matches(String[] segments) {
            String[] own = path.split("/", -1);
            if (own.length != segments.length) {
                return false;
            }
            for (int i = 0; i < own.length; i++) {
                boolean fits = own[i].startsWith("{") ? !segments[i].isEmpty() : own[i].equals(segments[i]);
                if (!fits) {
                    return false;
                }
            }
            return true;
        }
    }

    static final List<Rule> TABLE = List.of(
            rule("GET", "/version", READ),
            rule("GET", "/openapi", READ),
            rule("GET", "/caller", READ),
            rule("GET", "/status", READ),
            rule("GET", "/identity", READ),
            rule("POST", "/identity/csr", ADMINISTER),
            rule("POST", "/identity/rotate", ADMINISTER),
            rule("DELETE", "/identity/next", ADMINISTER),
            rule("POST", "/identity/export", ADMINISTER),
            rule("POST", "/identity/import", ADMINISTER),
            rule("GET", "/doctor", READ),
            rule("GET", "/stats", READ),
            rule("GET", "/limits", READ),
            rule("POST", "/limits/forgive", ADMINISTER),
            rule("POST", "/attacks/allow", ADMINISTER),
            rule("GET", "/sessions", READ),
            rule("GET", "/sessions/{id}", READ),
            rule("DELETE", "/sessions/{id}", OPERATE),
            rule("GET", "/connections", READ),
            // A dial can decide whom to trust, and shows who this node is.
            rule("POST", "/connections", ADMINISTER),
            rule("DELETE", "/connections/{ref}", OPERATE),
            rule("GET", "/peers", READ),
            rule("POST", "/peers", ADMINISTER),
            rule("GET", "/peers/{ref}", READ),
            rule("DELETE", "/peers/{ref}", ADMINISTER),
            rule("POST", "/peers/{ref}/approve", ADMINISTER),
            rule("GET", "/peers/{ref}/safety", READ),
            rule("POST", "/peers/{ref}/verify", ADMINISTER),
            rule("POST", "/peers/{ref}/accept-key", ADMINISTER),
            rule("POST", "/peers/{ref}/block", ADMINISTER),
            // Who "bob" is: a message to an alias goes to whoever has it.
            rule("PUT", "/peers/{ref}/alias", ADMINISTER),
            rule("POST", "/messages", OPERATE),
            rule("GET", "/messages", OPERATE),
            rule("GET", "/messages/{id}", OPERATE),
            rule("DELETE", "/messages/{id}", OPERATE),
            rule("GET", "/history", OPERATE),
            rule("POST", "/history/read", OPERATE),
            rule("GET", "/groups", OPERATE),
            rule("GET", "/groups/{name}", OPERATE),
            rule("PUT", "/groups/{name}", OPERATE),
            rule("DELETE", "/groups/{name}", OPERATE),
            rule("PUT", "/groups/{name}/members/{ref}", OPERATE),
            rule("DELETE", "/groups/{name}/members/{ref}", OPERATE),
            rule("POST", "/files", OPERATE),
            rule("GET", "/files", OPERATE),
            rule("GET", "/files/{id}", OPERATE),
            rule("POST", "/files/{id}/accept", OPERATE),
            rule("POST", "/files/{id}/decline", OPERATE),
            rule("DELETE", "/files/{id}", OPERATE),
            rule("GET", "/files/{id}/content", OPERATE),
            rule("GET", "/store", READ),
            rule("POST", "/store/compact", ADMINISTER),
            rule("POST", "/store/prune", ADMINISTER),
            rule("GET", "/store/backup", ADMINISTER),
            rule("POST", "/store/restore", ADMINISTER),
            // Events carry what messages say.
            rule("GET", "/events", OPERATE),
            rule("GET", "/audit", READ),
            rule("GET", "/audit/log", READ),
            rule("GET", "/audit/search", READ),
            rule("GET", "/witness/{ref}", READ),
            rule("GET", "/witness/{ref}/own", READ),
            rule("POST", "/messages/{id}/proof", OPERATE));

    private Permissions() {}

    /** The line for a resource. @param template as the resource declares it */
    static Optional<Rule> ofResource(String method, String template) {
        return TABLE.stream()
                .filter(rule ->
                        rule.method().equals(read(method)) && rule.path().equals(template))
                .findFirst();
    }

    /** The line for a request. @param path as it was sent, without its query */
    static Optional<Rule> ofRequest(String method, String path) {
        String[] segments = segments(path);
        return TABLE.stream()
                .filter(rule -> rule.method().equals(read(method)) && rule.matches(segments))
                .findFirst();
    }

    /** Whether there is something at this path, if for another method. */
    static boolean isPath(String path) {
        String[] segments = segments(path);
        return TABLE.stream().anyMatch(rule -> rule.matches(segments));
    }

    private static String[] segments(String path) {
        return (path.endsWith("/") ? path.substring(0, path.length() - 1) : path).split("/", -1);
    }

    /** HEAD is a GET without the body. */
    private static String read(String method) {
        return method.equals("HEAD") ? "GET" : method;
    }

    private static Rule rule(String method, String path, Permission needs) {
        return new Rule(method, AdminApi.BASE + path, needs);
    }
}
