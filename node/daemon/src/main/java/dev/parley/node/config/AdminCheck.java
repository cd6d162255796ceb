package dev.parley.node.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is wrong with who may use the admin socket. */
final class AdminCheck {
    /** The system keeps the number after it for "no such id". */
    private static final long MAX_ID = 4_294_967_294L;

    private static final Pattern GRANT = Pattern.compile("[ug]id:\\d{1,10}");

    private AdminCheck() {}

    static void add(List<String> problems, ParleyConfig config) {
        ParleyConfig.Admin admin = config.admin();
        grants(problems, "read", admin.allow().read());
        grants(problems, "operate", admin.allow().operate());
        grants(problems, "administer", admin.allow().administer());
        Optional<Long> group = admin.group();
        if (group.isPresent() && (group.get() < 0 || group.get() > MAX_ID)) {
            problems.add(
                    "parley.admin.group must be a group id, from 0 to " + MAX_ID + ": `getent group NAME` tells it");
        }
        boolean others = Stream.of(
                        admin.allow().read(),
                        admin.allow().operate(),
                        admin.allow().administer())
                .anyMatch(Optional::isPresent);
        if (others && group.isEmpty()) {
            problems.add("parley.admin.group must be set where parley.admin.allow.* is:"
                    + " without it the mode of the socket keeps everybody else out");
        }
        if (group.isPresent() && isBelow(admin.socket(), config.dataDir())) {
            problems.add("parley.admin.socket must be outside of the data directory where parley.admin.group is set:"
                    + " that directory lets nobody else through");
        }
    }

    private static void grants(List<String> problems, String level, Optional<List<String>> grants) {
        if (!grants.orElse(List.of()).stream().allMatch(AdminCheck::isGrant)) {
            problems.add("parley.admin.allow." + level
                    + " must be uid:NUMBER and gid:NUMBER, separated by commas: `id NAME` tells the numbers");
        }
    }

    private static boolean isGrant(String text) {
        return GRANT.matcher(text).matches() && Long.parseLong(text.substring(4)) <= MAX_ID;
    }

    private static boolean isBelow(Path file, Path directory) {
        return file.toAbsolutePath()
                .normalize()
                .startsWith(directory.toAbsolutePath().normalize());
    }
}
