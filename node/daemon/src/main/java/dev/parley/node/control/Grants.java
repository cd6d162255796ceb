package dev.parley.node.control;

import com.sun.security.auth.module.UnixSystem;
import dev.parley.node.config.ParleyConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who has been granted what: the node's own user and root everything, others what {@code parley.admin.allow.*} says. */
@ApplicationScoped
class Grants {
    private static final int ROOT = 0;

    private final int ownUid = (int) new UnixSystem().getUid();
    private final List<Grant> grants;

    Grants(ParleyConfig config) {
        ParleyConfig.Allow allow = config.admin().allow();
        grants = Stream.of(
                        parse(allow.read(), Permission.READ),
                        parse(allow.operate(), Permission.OPERATE),
                        parse(allow.administer(), Permission.ADMINISTER))
                .flatMap(stream -> stream)
                .toList();
    }

    /** The most that a caller may do; empty for a stranger. */
    Optional<Permission> of(Caller caller) {
        if (caller.uid() == ROOT || caller.uid() == ownUid) {
            return Optional.of(Permission.ADMINISTER);
        }
        return grants.stream()
                .filter(grant -> grant.isFor(caller))
                .map(Grant::permission)
                .max(Permission::compareTo);
    }

    private static Stream<Grant> parse(Optional<List<String>> texts, Permission permission) {
        return texts.orElse(List.of()).stream()
                .map(text -> new Grant(
                        text.startsWith("gid:"),
                        Integer.parseUnsignedInt(text.substring("uid:".length())),
                        permission));
    }

    /** @param id as the kernel gives it, unsigned */
    private record Grant(boolean group, int id, Permission permission) {
        boolean isFor(Caller caller) {
            return group
                    ? caller.gid() == id || Arrays.stream(caller.groups()).anyMatch(each -> each == id)
                    : caller.uid() == id;
        }
    }
}
