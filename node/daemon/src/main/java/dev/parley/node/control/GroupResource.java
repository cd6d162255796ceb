package dev.parley.node.control;

import dev.parley.admin.AdminApi;
import dev.parley.admin.ErrorCode;
import dev.parley.admin.GroupInfo;
import dev.parley.node.message.Groups;
import dev.parley.node.trust.KnownPeers;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

@Path(AdminApi.BASE + "/groups")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class GroupResource {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0," + (GroupInfo.MAX_NAME - 1) + "}";

    private final Groups groups;
    private final KnownPeers peers;
    private final Views views;

    GroupResource(Groups groups, KnownPeers peers, Views views) {
        this.groups = groups;
        this.peers = peers;
        this.views = views;
    }

    @GET
    @Operation(summary = "all groups, by name")
    public List<GroupInfo> all() {
        return Stages.await(groups.all()).stream().map(views::group).toList();
    }

    @GET
    @Path("/{name}")
    @Operation(summary = "one group")
    public GroupInfo one(@PathParam("name") String name) {
        return shown(Stages.await(groups.get(name)));
    }

    @PUT
    @Path("/{name}")
    @Operation(summary = "make a group without members")
    public GroupInfo create(@PathParam("name") String name) {
        if (!name.matches(NAME)) {
            throw Parameters.invalid(
                    "a group's name",
                    "1 to " + GroupInfo.MAX_NAME + " letters, digits, '-', '_' and '.', a letter or digit first");
        }
        if (!Stages.await(groups.create(name))) {
            throw new ApiException(ErrorCode.GROUP_EXISTS, "there is a group '" + name + "' already");
        }
        return one(name);
    }

    @DELETE
    @Path("/{name}")
    @Operation(summary = "delete a group; messages to it that wait are still delivered")
    public void delete(@PathParam("name") String name) {
        if (!Stages.await(groups.delete(name))) {
            throw noSuchGroup();
        }
    }

    @PUT
    @Path("/{name}/members/{ref}")
    @Operation(summary = "add a peer to a group")
    public GroupInfo add(@PathParam("name") String name, @PathParam("ref") String ref) {
        return shown(Stages.await(groups.add(name, peers.resolve(ref).id())));
    }

    @DELETE
    @Path("/{name}/members/{ref}")
    @Operation(summary = "take a peer out of a group")
    public GroupInfo remove(@PathParam("name") String name, @PathParam("ref") String ref) {
        return shown(Stages.await(groups.remove(name, peers.resolve(ref).id())));
    }

    private GroupInfo shown(Optional<Groups.Group> group) {
        return views.group(group.orElseThrow(GroupResource::noSuchGroup));
    }

    private static ApiException noSuchGroup() {
        return new ApiException(
                ErrorCode.GROUP_NOT_FOUND, "there is no such group", "'parley groups' lists those that there are");
    }
}
