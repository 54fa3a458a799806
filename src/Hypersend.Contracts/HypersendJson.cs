using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Admin;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Push;
using Hypersend.Contracts.Realtime;
using Hypersend.Contracts.Search;
using Hypersend.Contracts.Server;
using Hypersend.Contracts.Transfers;
using Hypersend.Contracts.Updates;
using Hypersend.Contracts.Users;

namespace Hypersend.Contracts;

/// <summary>The one source-generated JSON context of the wire: snake_case, ids and times as the contract writes them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(InstantConverter)],
    MaxDepth = 32)]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(int[][]))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(ConfirmRequest))]
[JsonSerializable(typeof(ConfirmationSent))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(ForgotPasswordRequest))]
[JsonSerializable(typeof(ResetPasswordRequest))]
[JsonSerializable(typeof(TotpCodeRequest))]
[JsonSerializable(typeof(SignedIn))]
[JsonSerializable(typeof(Page<Session>), TypeInfoPropertyName = "PageOfSessions")]
[JsonSerializable(typeof(TotpSetup))]
[JsonSerializable(typeof(RecoveryCodeList))]
[JsonSerializable(typeof(SocketTicket))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Page<User>), TypeInfoPropertyName = "PageOfUsers")]
[JsonSerializable(typeof(UpdateUserRequest))]
[JsonSerializable(typeof(DeleteAccountRequest))]
[JsonSerializable(typeof(UserSettings))]
[JsonSerializable(typeof(AdminUpdateUserRequest))]
[JsonSerializable(typeof(ServerSettings))]
[JsonSerializable(typeof(CreateInviteRequest))]
[JsonSerializable(typeof(RegistrationInvite))]
[JsonSerializable(typeof(Page<RegistrationInvite>), TypeInfoPropertyName = "PageOfInvites")]
[JsonSerializable(typeof(DebugStatus))]
[JsonSerializable(typeof(DebugLogs))]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(Page<Release>), TypeInfoPropertyName = "PageOfReleases")]
[JsonSerializable(typeof(PublishReleaseRequest))]
[JsonSerializable(typeof(UpdateCheck))]
[JsonSerializable(typeof(ServerCard))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Chat))]
[JsonSerializable(typeof(ChatSummary))]
[JsonSerializable(typeof(Page<Chat>), TypeInfoPropertyName = "PageOfChats")]
[JsonSerializable(typeof(Page<ChatSummary>), TypeInfoPropertyName = "PageOfSummaries")]
[JsonSerializable(typeof(Page<ChatMember>), TypeInfoPropertyName = "PageOfMembers")]
[JsonSerializable(typeof(Page<ChatInvite>), TypeInfoPropertyName = "PageOfChatInvites")]
[JsonSerializable(typeof(InvitedChat))]
[JsonSerializable(typeof(Page<ChatBan>), TypeInfoPropertyName = "PageOfBans")]
[JsonSerializable(typeof(ChatSettings))]
[JsonSerializable(typeof(ReadMark))]
[JsonSerializable(typeof(CreateChatRequest))]
[JsonSerializable(typeof(UpdateChatRequest))]
[JsonSerializable(typeof(AddMembersRequest))]
[JsonSerializable(typeof(ChangeRoleRequest))]
[JsonSerializable(typeof(CreateChatInviteRequest))]
[JsonSerializable(typeof(JoinChatRequest))]
[JsonSerializable(typeof(MarkReadRequest))]
[JsonSerializable(typeof(ChatSettingsRequest))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(Page<Message>), TypeInfoPropertyName = "PageOfMessages")]
[JsonSerializable(typeof(Page<MessageVersion>), TypeInfoPropertyName = "PageOfVersions")]
[JsonSerializable(typeof(Page<Receipt>), TypeInfoPropertyName = "PageOfReceipts")]
[JsonSerializable(typeof(Page<ScheduledMessage>), TypeInfoPropertyName = "PageOfScheduled")]
[JsonSerializable(typeof(SendMessageRequest))]
[JsonSerializable(typeof(PublishRequest))]
[JsonSerializable(typeof(EditMessageRequest))]
[JsonSerializable(typeof(ReactRequest))]
[JsonSerializable(typeof(RescheduleRequest))]
[JsonSerializable(typeof(Welcome))]
[JsonSerializable(typeof(ChatSync))]
[JsonSerializable(typeof(Synced))]
[JsonSerializable(typeof(UpdatesRequest))]
[JsonSerializable(typeof(UpdatesAnswer))]
[JsonSerializable(typeof(MessageEvent))]
[JsonSerializable(typeof(ChatEventFrame))]
[JsonSerializable(typeof(ReactionChange))]
[JsonSerializable(typeof(MemberEvent))]
[JsonSerializable(typeof(MarkEvent))]
[JsonSerializable(typeof(TypingEvent))]
[JsonSerializable(typeof(PresenceEvent))]
[JsonSerializable(typeof(SettingsUpdatedEvent))]
[JsonSerializable(typeof(ChatSettingsEvent))]
[JsonSerializable(typeof(UserUpdatedEvent))]
[JsonSerializable(typeof(FileEvent))]
[JsonSerializable(typeof(SharedFile))]
[JsonSerializable(typeof(Page<SharedFile>), TypeInfoPropertyName = "PageOfFiles")]
[JsonSerializable(typeof(InitUploadRequest))]
[JsonSerializable(typeof(Upload))]
[JsonSerializable(typeof(ChunkReceived))]
[JsonSerializable(typeof(UploadStatus))]
[JsonSerializable(typeof(CompleteUploadRequest))]
[JsonSerializable(typeof(CompletedUpload))]
[JsonSerializable(typeof(FileUsage))]
[JsonSerializable(typeof(FileDigests))]
[JsonSerializable(typeof(Page<Delivery>), TypeInfoPropertyName = "PageOfDeliveries")]
[JsonSerializable(typeof(Page<SweepDecision>), TypeInfoPropertyName = "PageOfDecisions")]
[JsonSerializable(typeof(CreateLinkRequest))]
[JsonSerializable(typeof(FileLink))]
[JsonSerializable(typeof(Page<FileLink>), TypeInfoPropertyName = "PageOfLinks")]
[JsonSerializable(typeof(SignedUrl))]
[JsonSerializable(typeof(OfferTransferRequest))]
[JsonSerializable(typeof(OfferedTransfer))]
[JsonSerializable(typeof(StoreTransferRequest))]
[JsonSerializable(typeof(FinishTransferRequest))]
[JsonSerializable(typeof(ReportTransferRequest))]
[JsonSerializable(typeof(Transfer))]
[JsonSerializable(typeof(Page<Transfer>), TypeInfoPropertyName = "PageOfTransfers")]
[JsonSerializable(typeof(TransferEvent))]
[JsonSerializable(typeof(TransferProgressEvent))]
[JsonSerializable(typeof(SignalEvent))]
[JsonSerializable(typeof(IceServers))]
[JsonSerializable(typeof(PushKey))]
[JsonSerializable(typeof(SubscribeRequest))]
[JsonSerializable(typeof(PushDevice))]
[JsonSerializable(typeof(Page<PushDevice>), TypeInfoPropertyName = "PageOfPushDevices")]
[JsonSerializable(typeof(PushTest))]
[JsonSerializable(typeof(PushNotice))]
[JsonSerializable(typeof(Page<FoundMessage>), TypeInfoPropertyName = "PageOfFoundMessages")]
[JsonSerializable(typeof(Page<FoundFile>), TypeInfoPropertyName = "PageOfFoundFiles")]
[JsonSerializable(typeof(SearchAnswer))]
public sealed partial class HypersendJson : JsonSerializerContext
{
    /// <summary>
    /// The context to use: text leaves as it came, not as \u escapes. It is never put into HTML, and every answer says
    /// nosniff.
    /// </summary>
    public static HypersendJson Wire => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = null,
    });
}
