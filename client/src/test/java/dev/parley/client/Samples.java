package dev.parley.client;

/** JSON as a node sends it, with ' for ". */
public final class Samples {
    public static final String BOB = "bobaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public static final String BOB_GROUPS = "boba aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa";
    public static final String EVE = "eveaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public static final String MESSAGE_ID = "01920000-0000-7000-8000-000000000001";
    public static final String SESSION_ID = "0a0b0c0d-0000-4000-8000-000000000002";

    public static final String STATUS = json("{'apiVersion':1,'version':'0.1.0','pid':42,'peerId':'" + BOB
            + "','name':'bob','listen':'127.0.0.1:3001','startedAt':'2026-01-01T11:00:00Z','uptimeMillis':3600000,"
            + "'dataDir':'/home/bob/data','managementPort':9000,'trustMode':'approve','suites':['A256GCM','A256CBC-HS512'],"
            + "'cryptoProvider':'AmazonCorrettoCryptoProvider','ready':true,'warnings':[],'counts':{'sessions':2,'connections':1,"
            + "'peers':{'PENDING':0,'TRUSTED':1,'VERIFIED':1,'BLOCKED':0},'messages':{'QUEUED':0,'SENT':0,'DELIVERED':7,"
            + "'REFUSED':0,'EXPIRED':0,'CANCELLED':0},'unread':0,'transfers':0}}");
    public static final String SESSION = json("{'sessionId':'" + SESSION_ID + "','peerId':'" + BOB
            + "','alias':'bob','remoteAddress':'10.0.0.2:40000','initiatedHere':false,'suite':'A256GCM','state':'UP',"
            + "'upSince':'2026-01-01T11:58:00Z','lastHeard':'2026-01-01T11:59:57Z','epoch':1,'messagesSent':3,"
            + "'messagesReceived':4,'bytesSent':1536,'bytesReceived':2097152}");
    public static final String PEER = json("{'peerId':'" + BOB
            + "','alias':'bob','claimedName':'Bob','state':'TRUSTED','addresses':['10.0.0.2:3001'],"
            + "'firstSeen':'2026-01-01T10:00:00Z','lastSeen':'2026-01-01T11:59:00Z','connected':true,'unread':0,'waiting':0,'safetyText':'"
            + BOB_GROUPS + "'}");
    public static final String PENDING = json("{'peerId':'" + EVE
            + "','claimedName':'E\\u001b[31mve\\u202e','state':'PENDING','addresses':[],"
            + "'firstSeen':'2026-01-01T10:00:00Z','connected':false,'unread':0,'waiting':0,'safetyText':'x'}");
    public static final String CONNECTION = json("{'address':'10.0.0.9:3001','state':'WAITING','attempts':3,"
            + "'nextAttempt':'2026-01-01T12:00:08Z','lastFailure':{'at':'2026-01-01T11:59:50Z','code':'dial-failed',"
            + "'detail':'connection refused'}}");
    public static final String IDENTITY = json("{'peerId':'" + BOB
            + "','name':'bob','algorithm':'RSA','bits':3072,'publicKeyPem':'-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----\\n',"
            + "'safetyText':'" + BOB_GROUPS + "'}");

    private Samples() {}

    public static String json(String text) {
        return text.replace('\'', '"');
    }

    public static String delivery(String state, String reason) {
        return json("{'peerId':'" + BOB + "','alias':'bob','state':'" + state + "','queuedAt':'2026-01-01T11:59:58Z'"
                + (reason == null ? "" : ",'reason':'" + reason + "'") + "}");
    }

    public static String message(String... deliveries) {
        return json("{'id':'" + MESSAGE_ID + "','scope':'" + (deliveries.length == 1 ? "DIRECT" : "BROADCAST")
                + "','mediaType':'text/plain','size':2,'createdAt':'2026-01-01T11:59:58Z','deliveries':["
                + String.join(",", deliveries) + "],'summary':{'DELIVERED':" + deliveries.length + "}}");
    }

    /** What came from bob, at 11:59 and as many seconds as the cursor says. */
    public static String came(long cursor, boolean unread, String text) {
        return entry(cursor, "IN", text) + json(",'sentAt':'2026-01-01T11:58:00Z','unread':" + unread + "}");
    }

    /** What went to bob. */
    public static String sent(long cursor, String state, String text) {
        return entry(cursor, "OUT", text) + json(",'state':'" + state + "'}");
    }

    private static String entry(long cursor, String direction, String text) {
        return json(
                "{'cursor':" + cursor + ",'direction':'" + direction + "','id':'" + MESSAGE_ID + "','peerId':'" + BOB
                        + "','alias':'bob','at':'2026-01-01T11:59:0" + cursor
                        + "Z','scope':'DIRECT','mediaType':'text/plain','size':2,'text':'" + text + "'");
    }

    /** @param before null for none */
    public static String history(Long before, String... entries) {
        return json("{'entries':[" + String.join(",", entries) + "]" + (before == null ? "" : ",'before':" + before)
                + ",'incomplete':false}");
    }

    public static final String FILE_ID = "01920000-0000-7000-8000-0000abcd0001";

    /** A file of 10 bytes with bob. */
    public static String file(String id, String direction, String name, String state, String reason) {
        return json("{'id':'" + id + "','direction':'" + direction + "','peerId':'" + BOB + "','alias':'bob','name':'"
                + name + "','mediaType':'image/png','size':10,'state':'" + state + "','transferred':4,"
                + "'createdAt':'2026-01-01T11:59:00Z'" + (reason == null ? "" : ",'reason':'" + reason + "'") + "}");
    }

    public static String problem(String code, int status, String detail, String hint) {
        return json("{'type':'urn:parley:error:" + code + "','title':'" + code.replace('-', ' ') + "','status':"
                + status + ",'detail':'" + detail + "','code':'" + code + "'"
                + (hint == null ? "" : ",'hint':'" + hint + "'") + "}");
    }

    public static String connected(boolean firstContact, String state) {
        boolean up = state.equals("CONNECTED");
        return json("{'address':'h:3001','state':'" + state + "'," + (up ? "'sessionId':'" + SESSION_ID + "'," : "")
                + "'peerId':'" + BOB + "','claimedName':'Bob','peerState':'" + (firstContact ? "PENDING" : "TRUSTED")
                + "','firstContact':" + firstContact + "," + (up ? "'suite':'A256GCM'," : "") + "'keep':true}");
    }
}
