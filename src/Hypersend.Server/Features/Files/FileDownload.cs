using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>The bytes as an answer: what sends them, or says why not.</summary>
internal sealed class FileDownload(Func<HttpContext, Task<Failure?>> send) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (await send(httpContext) is { } failure)
            await Problem.WriteAsync(httpContext, failure);
    }
}
