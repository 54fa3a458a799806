using System.Buffers;
using System.Reflection;
using System.Text;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Realtime.Fanout;
using Microsoft.AspNetCore.Http.Metadata;

namespace Hypersend.Server.Realtime.Polling;

/// <summary>The answer to a long poll, put together from events that are JSON already.</summary>
internal sealed class ReadyUpdates(IReadOnlyList<OutFrame> frames, string epoch, string state) : IResult, IEndpointMetadataProvider
{
    private const string JsonType = "application/json";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(UpdatesAnswer), [JsonType]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = JsonType + "; charset=utf-8";
        var body = httpContext.Response.BodyWriter;
        body.Write("""{"events":["""u8);
        for (var i = 0; i < frames.Count; i++)
        {
            if (i > 0)
                body.Write(","u8);
            body.Write(frames[i].Objects);
        }

        body.Write("""],"epoch":" """u8[..^1]);
        body.Write(Encoding.UTF8.GetBytes(epoch));
        body.Write("\",\"state\":\""u8);
        body.Write(Encoding.UTF8.GetBytes(state));
        body.Write("\"}"u8);
        await body.FlushAsync(httpContext.RequestAborted);
    }
}
