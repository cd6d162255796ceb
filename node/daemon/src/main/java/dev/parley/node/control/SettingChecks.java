package dev.parley.node.control;

import dev.parley.admin.Finding;
import dev.parley.node.config.AuditFailure;
import dev.parley.node.config.FileAcceptance;
import dev.parley.node.config.ParleyConfig;
import dev.parley.node.config.TrustMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Settings that are allowed, and that one should have meant. */
final class SettingChecks {
    static final String CHECK = "settings";

    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
    private static final int SMALL_KEY = 3072;

    private SettingChecks() {}

    /** @param bits of the key that is in use */
    static List<Finding> of(ParleyConfig config, int bits) {
        var found = new ArrayList<Finding>();
        boolean everywhere = EVERYWHERE.contains(config.listen().host());
        boolean firstUse = config.trust().mode() == TrustMode.FIRST_USE;
        if (config.audit().onFailure() == AuditFailure.CONTINUE) {
            found.add(risky(
                    "parley.audit.on-failure",
                    "the node goes on without an audit log when net.log cannot be written",
                    "set it to stop, unless messages matter more than their record"));
        }
        if (firstUse) {
            found.add(risky(
                    "parley.trust.mode",
                    everywhere
                            ? "whoever reaches this node on any of its addresses first is trusted under the name that it gives"
                            : "an unknown peer is trusted at its first connection, without anybody having compared its id",
                    "set it to approve or ca once the peers have met"));
        }
        if (config.files().accept() == FileAcceptance.TRUSTED) {
            found.add(risky(
                    "parley.files.accept",
                    "every peer that is let in can write files to this disk, up to parley.files.spool-bytes",
                    firstUse
                            ? "with first-use that is anybody: set it to ask or verified"
                            : "verified keeps it to peers that you have verified"));
        }
        if (config.store().reserve().asLongValue() == 0) {
            found.add(risky(
                    "parley.store.reserve",
                    "the node fills the disk to the last byte, and net.log has no room then",
                    "leave some tens of megabytes, as the default does"));
        }
        if (bits < SMALL_KEY) {
            found.add(risky(
                    "parley.identity.bits",
                    "the identity key has " + bits + " bits",
                    "set " + SMALL_KEY + " or more, then make another key with `parley identity rotate`"));
        }
        return found.isEmpty() ? List.of(Finding.ok(CHECK, "none of the risky ones is set")) : found;
    }

    private static Finding risky(String key, String text, String advice) {
        return Finding.warning(CHECK, key, text, advice);
    }
}
