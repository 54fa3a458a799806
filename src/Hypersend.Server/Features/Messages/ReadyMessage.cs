using System.Reflection;
using Hypersend.Contracts.Messages;
using Microsoft.AspNetCore.Http.Metadata;

namespace Hypersend.Server.Features.Messages;

/// <summary>A message that is JSON already: 201 when it is new, 200 when its client id had brought it in before.</summary>
internal sealed class ReadyMessage(SendOutcome outcome) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(Message), ["application/json"]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Message), ["application/json"]));
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = outcome.Repeated ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = outcome.Message.Length;
        await response.BodyWriter.WriteAsync(outcome.Message, httpContext.RequestAborted);
    }
}
