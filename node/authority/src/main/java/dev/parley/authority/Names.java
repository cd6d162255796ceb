package dev.parley.authority;

import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** Names of peers in certificates: DNS names, and URIs, which have a colon. */
final class Names {

    static final int MOST = 16;
    private static final Pattern DNS = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,30}:[!-~]{1,221}");

    private Names() {}

    static List<String> check(List<String> names) throws AuthorityException {
        if (names.isEmpty() || names.size() > MOST) {
            throw AuthorityException.bad("a certificate needs at least one name, and at most " + MOST);
        }
        for (String name : names) {
            if (!DNS.matcher(name).matches() && !URI.matcher(name).matches()) {
                throw AuthorityException.bad(
                        "a name is neither a DNS name nor a URI, in ASCII and of at most 253 characters");
            }
        }
        return List.copyOf(names);
    }

    static GeneralNames general(List<String> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(
                        name.indexOf(':') < 0 ? GeneralName.dNSName : GeneralName.uniformResourceIdentifier, name))
                .toArray(GeneralName[]::new));
    }

    static List<String> of(GeneralNames names) {
        return java.util.Arrays.stream(names.getNames())
                .filter(name -> name.getTagNo() == GeneralName.dNSName
                        || name.getTagNo() == GeneralName.uniformResourceIdentifier)
                .map(name -> name.getName().toString())
                .toList();
    }
}
