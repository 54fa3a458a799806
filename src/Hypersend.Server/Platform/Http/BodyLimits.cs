using System.IO.Pipelines;
using System.Text.Json;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Hypersend.Server.Platform.Http;

/// <summary>
/// Refuses a body that says it is too large before anything reads it. A body of moderate size is taken in and dropped
/// first: most clients do not look for an answer while they send, and would report a broken connection instead of ours.
/// </summary>
internal static class BodyLimits
{
    private const long DropAtMost = 32 * 1024 * 1024;

    private static readonly TimeSpan DropFor = TimeSpan.FromSeconds(20);

    public static void UseBodyLimits(this WebApplication app) => app.Use((context, next) =>
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        return limit is { MaxRequestBodySize: { } most } && context.Request.ContentLength is { } length && length > most
            ? RefuseAsync(context, limit, length, most)
            : context.GetEndpoint()?.Metadata.GetMetadata<BodySize>() is null ? next(context) : DropAfterAsync(context, next);
    });

    public static Failure TooLarge(long most) => new(ErrorCodes.TooLarge)
    {
        More = new Dictionary<string, JsonElement> { ["max_size"] = JsonSerializer.SerializeToElement(most, SizeJson.Default.Int64) },
    };

    // Some look for the answer when they have sent everything and see a broken connection when they are refused early; others
    // stop sending at the answer and wait for its end. So it is whole first, and then the rest of the body is taken.
    private static async Task DropAfterAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.StatusCode >= StatusCodes.Status400BadRequest)
            await AnswerAndDropAsync(context);
    }

    private static async Task RefuseAsync(HttpContext context, IHttpMaxRequestBodySizeFeature limit, long length, long most)
    {
        var drops = length <= DropAtMost && !limit.IsReadOnly;
        if (drops)
            limit.MaxRequestBodySize = null;
        await Problem.WriteAsync(context, TooLarge(most));
        if (drops)
            await AnswerAndDropAsync(context);
    }

    private static async Task AnswerAndDropAsync(HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested)
            return;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        var body = context.Request.BodyReader;
        using var patience = new CancellationTokenSource(DropFor);

        // A read that its token ends would leave the server's reader busy for good; one that is told to stop does not.
        using var _ = patience.Token.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), body);
        try
        {
            // Whoever puts words to a bare status comes after the answer is whole.
            if (context.Response.StatusCode == StatusCodes.Status400BadRequest && BareStatus.IsBare(context.Response))
                await BareStatus.WriteAsync(context);
            await context.Response.CompleteAsync();

            // A read that was to stop while nobody read is the next one: it says so, and the body goes on.
            for (var read = default(ReadResult); !read.IsCompleted && !patience.IsCancellationRequested;)
            {
                read = await body.ReadAsync(CancellationToken.None);
                body.AdvanceTo(read.Buffer.End);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // They have their answer. What they still had to say is not waited for.
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(long))]
internal sealed partial class SizeJson : System.Text.Json.Serialization.JsonSerializerContext;
