package dev.parley.deploy;

import static dev.parley.deploy.Fleet.require;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a pod may and may not, and when a cluster takes it for dead. */
final class PodRules {
    private static final long USER = 10001;
    private static final Duration TO_SPARE = Duration.ofSeconds(5);

    private PodRules() {}

    static void probes(Fleet fleet, List<String> wrong) {
        probe(wrong, "startup", fleet.node().getStartupProbe(), "/q/health/started");
        probe(wrong, "readiness", fleet.node().getReadinessProbe(), "/q/health/ready");
        // What depends on peers or on room on the disk must not kill the node: live is that it answers.
        probe(wrong, "liveness", fleet.node().getLivenessProbe(), "/q/health/live");
        Probe live = fleet.node().getLivenessProbe();
        require(
                wrong,
                live != null && orDefault(live.getPeriodSeconds(), 10) * orDefault(live.getFailureThreshold(), 3) >= 30,
                "a node is killed that did not answer for less than half a minute");
    }

    private static void probe(List<String> wrong, String name, Probe probe, String path) {
        require(
                wrong,
                probe != null
                        && probe.getHttpGet() != null
                        && path.equals(probe.getHttpGet().getPath())
                        && probe.getHttpGet().getPort() != null
                        && "management".equals(probe.getHttpGet().getPort().getStrVal()),
                "the " + name + " probe does not ask for " + path + " at the port management");
    }

    static void limits(Fleet fleet, List<String> wrong) {
        for (Container each : fleet.pod().getContainers()) {
            var resources = each.getResources();
            for (String what : List.of("cpu", "memory")) {
                require(
                        wrong,
                        resources != null
                                && resources.getRequests() != null
                                && resources.getLimits() != null
                                && resources.getRequests().containsKey(what)
                                && resources.getLimits().containsKey(what)
                                && resources
                                                .getRequests()
                                                .get(what)
                                                .getNumericalAmount()
                                                .compareTo(resources
                                                        .getLimits()
                                                        .get(what)
                                                        .getNumericalAmount())
                                        <= 0,
                        "container " + each.getName() + " has no request and limit of " + what + " that fit");
            }
        }
    }

    static void notRoot(Fleet fleet, List<String> wrong) {
        PodSecurityContext context = fleet.pod().getSecurityContext();
        require(
                wrong,
                context != null
                        && Boolean.TRUE.equals(context.getRunAsNonRoot())
                        && Objects.equals(context.getRunAsUser(), USER)
                        && Objects.equals(context.getRunAsGroup(), USER)
                        && Objects.equals(context.getFsGroup(), USER)
                        && context.getSeccompProfile() != null
                        && "RuntimeDefault".equals(context.getSeccompProfile().getType()),
                "the pod does not run as " + USER + ", not root, under the run time's seccomp profile");
        require(
                wrong,
                context != null && "OnRootMismatch".equals(context.getFsGroupChangePolicy()),
                "each start would open the identity key to the group, and the node refuses such a key");
        for (Container each : fleet.containers()) {
            SecurityContext own = each.getSecurityContext();
            require(
                    wrong,
                    own != null
                            && Boolean.FALSE.equals(own.getAllowPrivilegeEscalation())
                            && !Boolean.TRUE.equals(own.getPrivileged())
                            && own.getRunAsUser() == null
                            && own.getRunAsNonRoot() == null
                            && own.getCapabilities() != null
                            && List.of("ALL").equals(own.getCapabilities().getDrop())
                            && own.getCapabilities().getAdd().isEmpty(),
                    "container " + each.getName()
                            + " has capabilities, or may get privileges, or runs as another user");
        }
    }

    static void nothingOfTheHost(Fleet fleet, List<String> wrong) {
        require(
                wrong,
                !Boolean.TRUE.equals(fleet.pod().getHostNetwork())
                        && !Boolean.TRUE.equals(fleet.pod().getHostPID())
                        && !Boolean.TRUE.equals(fleet.pod().getHostIPC()),
                "the pod shares a namespace with its machine");
        require(
                wrong,
                fleet.pod().getVolumes().stream().allMatch(volume -> volume.getHostPath() == null),
                "the pod mounts a directory of its machine");
        require(
                wrong,
                fleet.containers().stream()
                        .flatMap(each -> each.getPorts().stream())
                        .allMatch(port -> port.getHostPort() == null),
                "the pod takes a port of its machine");
    }

    static void readOnlyRoot(Fleet fleet, List<String> wrong) {
        for (Container each : fleet.containers()) {
            require(
                    wrong,
                    each.getSecurityContext() != null
                            && Boolean.TRUE.equals(each.getSecurityContext().getReadOnlyRootFilesystem()),
                    "the root of container " + each.getName() + " can be written");
        }
    }

    static void noToken(Fleet fleet, List<String> wrong) {
        require(wrong, Boolean.FALSE.equals(fleet.pod().getAutomountServiceAccountToken()), "the pod is given a token");
        require(
                wrong,
                fleet.manifests().all(ServiceAccount.class).stream()
                        .anyMatch(account -> account.getMetadata()
                                        .getName()
                                        .equals(fleet.pod().getServiceAccountName())
                                && Boolean.FALSE.equals(account.getAutomountServiceAccountToken())),
                "there is no ServiceAccount of the pod's own, without a token");
    }

    static void grace(Fleet fleet, List<String> wrong) {
        String setting = fleet.settings().get("PARLEY_SHUTDOWN_GRACE");
        Matcher seconds = Pattern.compile("([0-9]+)s").matcher(String.valueOf(setting));
        if (!seconds.matches()) {
            wrong.add("PARLEY_SHUTDOWN_GRACE is " + setting + " and not so many seconds");
            return;
        }
        Duration needed = Duration.ofSeconds(Long.parseLong(seconds.group(1))).plus(TO_SPARE);
        require(
                wrong,
                fleet.pod().getTerminationGracePeriodSeconds() != null
                        && fleet.pod().getTerminationGracePeriodSeconds() >= needed.toSeconds(),
                "a pod is killed after " + fleet.pod().getTerminationGracePeriodSeconds() + " s, and "
                        + needed.toSeconds() + " are needed: parley.shutdown.grace, and some to spare");
    }

    static void image(Fleet fleet, List<String> wrong) {
        for (Container each : fleet.containers()) {
            int colon = each.getImage().lastIndexOf(':');
            require(
                    wrong,
                    each.getImage().contains("@sha256:")
                            || (colon > each.getImage().lastIndexOf('/')
                                    && !each.getImage().endsWith(":latest")),
                    "image " + each.getImage() + " is another one tomorrow");
        }
    }

    private static int orDefault(Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
