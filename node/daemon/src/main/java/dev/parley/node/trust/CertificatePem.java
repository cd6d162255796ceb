package dev.parley.node.trust;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** X.509 certificates, one by one in DER, or in a PEM file (RFC 7468), where text between them is passed over. */
final class CertificatePem {

    private static final String BEGIN = "-----BEGIN ";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*+)-----END CERTIFICATE-----");

    private CertificatePem() {}

    /** @throws BadFileException if there is none, or anything but whole certificates is in it */
    static List<X509Certificate> read(byte[] pem) throws BadFileException {
        String text = new String(pem, StandardCharsets.US_ASCII);
        if (text.contains("PRIVATE KEY-----")) {
            throw new BadFileException("holds a private key, which does not belong there: only certificates do");
        }
        List<X509Certificate> all = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            try {
                all.add(parse(Base64.getMimeDecoder().decode(blocks.group(1))));
            } catch (CertificateException | IllegalArgumentException e) {
                throw new BadFileException("has a damaged certificate, the one at place " + (all.size() + 1));
            }
        }
        // A file that was cut off has one that begins and does not end.
        if (count(text) != all.size()) {
            throw new BadFileException("has a part that is no whole certificate in PEM");
        }
        if (all.isEmpty()) {
            throw new BadFileException("holds no certificate in PEM");
        }
        return all;
    }

    /** Takes the certificate itself in DER and nothing else: no PEM, no other encoding of it, nothing after it. */
    static X509Certificate parse(byte[] der) throws CertificateException {
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            if (!Arrays.equals(certificate.getEncoded(), der)) {
                throw new CertificateException("not the certificate alone");
            }
            return certificate;
        } catch (RuntimeException e) {
            throw new CertificateException("damaged", e);
        }
    }

    private static int count(String text) {
        int count = 0;
        for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
            count++;
        }
        return count;
    }
}
