using System.Text.Json.Serialization;
using Hypersend.Cli.Files.Downloads;
using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Files.Status;
using Hypersend.Cli.Files.Uploads;
using Hypersend.Cli.Files.Watching;
using Hypersend.Cli.Transfers;
using Hypersend.Contracts;

namespace Hypersend.Cli.Files;

/// <summary>What is kept of files on their way, and what is said about them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadNote))]
[JsonSerializable(typeof(ArrivedNote))]
[JsonSerializable(typeof(DownloadNote))]
[JsonSerializable(typeof(OfferNote))]
[JsonSerializable(typeof(SentLine))]
[JsonSerializable(typeof(FileEvent))]
[JsonSerializable(typeof(Page<TransferState>), TypeInfoPropertyName = "TransferStates")]
internal sealed partial class FileNotesJson : JsonSerializerContext;
