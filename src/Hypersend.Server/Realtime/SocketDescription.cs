using Hypersend.Contracts.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hypersend.Server.Realtime;

/// <summary>
/// The socket in the API document. Its door is a bare delegate, so that nothing of the framework lives as long as a socket
/// does; the framework therefore knows nothing of it.
/// </summary>
internal static class SocketDescription
{
    private const string Words =
        """
        An upgrade to WebSocket; /api/v1/ws is the same. Who I am says the first frame within 5 seconds
        {"type":"auth","token":"..."}, or the subprotocol bearer.<token> beside hypersend.v1, or ?token=, with an access token or a
        ticket of POST /api/v1/auth/ws-ticket. /ws/{user_id} must name the token's person, /ws/chat/{chat_id} hears that chat
        alone. Frames are JSON objects with a type, or arrays of them: docs/protocol.md, "Live", names them all and says how
        nothing is lost. It closes with 4401 not signed in or not any more, 4403 somebody else's, 4404 not my chat, 4408 I read
        too slowly, 4409 a frame over 256 KiB, 4429 too many frames, 1012 the server restarts.
        """;

    public static void Add(IServiceCollection services) => services.Configure<OpenApiOptions>("v1", options =>
        options.AddDocumentTransformer((document, _, _) =>
        {
            (document.Paths ??= [])["/ws"] = new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = Describe(document) } };
            return Task.CompletedTask;
        }));

    private static OpenApiOperation Describe(OpenApiDocument document) => new()
    {
        Tags = new HashSet<OpenApiTagReference> { new("Live", document) },
        Summary = "The live socket",
        Description = Words.ReplaceLineEndings(" "),
        Parameters =
        [
            Text("token", ParameterLocation.Query, "For clients that can neither send a first frame nor name a subprotocol; it is in no log."),
            Text("Sec-WebSocket-Protocol", ParameterLocation.Header, "hypersend.v1, and bearer.<token> to sign in."),
        ],
        Responses = new OpenApiResponses
        {
            ["101"] = new OpenApiResponse { Description = "The socket is open; welcome is its first frame when it is signed in." },
            ["403"] = new OpenApiResponse { Description = $"{ErrorCodes.CrossSite}: the page is of a foreign origin." },
            ["426"] = new OpenApiResponse { Description = $"{ErrorCodes.UpgradeRequired}: not a WebSocket handshake." },
        },
    };

    private static OpenApiParameter Text(string name, ParameterLocation place, string description) => new()
    {
        Name = name,
        In = place,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
