using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Sets what a person can still spend this month.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "update balances")]
[Refuses(typeof(UpdateBalanceHandler), nameof(UpdateBalanceHandler.UserNotFound))]
[Refuses(typeof(BalanceFailures), nameof(BalanceFailures.NotUpdated))]
public sealed record UpdateBalanceCommand : IRequest<MonthlyBalance>, IChargedRequest
{
    /// <summary>Longest id that is looked up, in characters.</summary>
    public const int MaxIdLength = 100;

    /// <summary>A usable access token of the administrator; the route carries it outside the body.</summary>
    [JsonIgnore]
    public PresentedCredential Token { get; init; }

    /// <summary>The person, a UUID.</summary>
    /// <example>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90</example>
    [Required]
    [MaxLength(MaxIdLength)]
    public Supplied<string> UserId { get; init; }

    /// <summary>Whole credits that can be spent from now on.</summary>
    /// <example>500</example>
    [Required]
    [Range(0, int.MaxValue)]
    public Supplied<int> NewBalance { get; init; }
}

internal sealed class UpdateBalanceValidator : OrderedValidator<UpdateBalanceCommand>
{
    public UpdateBalanceValidator()
    {
        Require(command => !command.Token.IsMissing, RequestErrors.Invalid("Missing token parameter"));

        // Of two different tokens neither is believed, and no token is empty.
        RequireConfirmation(command => command.Token.Secret ?? string.Empty);
        RequireBody();
        Require(
            command => command.UserId.IsGiven && !string.IsNullOrWhiteSpace(command.UserId.Value)
                && (command.NewBalance.IsGiven || command.NewBalance.IsMistyped),
            RequestErrors.Invalid("user_id and new_balance are required"));
        RequireText("user_id", command => command.UserId, UpdateBalanceCommand.MaxIdLength);
        Require(
            command => command.NewBalance.IsGiven && command.NewBalance.Value >= 0,
            RequestErrors.Invalid("new_balance must be a non-negative integer"));
    }
}

internal sealed class UpdateBalanceHandler(ILedger ledger, IUserDirectory users, IMonthlyCredits credits, AccountOrders orders, OnceOrders once)
    : IRequestHandler<UpdateBalanceCommand, MonthlyBalance>
{
    public async Task<MonthlyBalance> Handle(UpdateBalanceCommand command, CancellationToken cancellationToken)
    {
        var owner = await users.FindAsync(command.UserId.Value, cancellationToken)
            ?? throw new RefusedException(UserNotFound(command.UserId.Value));
        var account = await credits.ForAsync(owner, cancellationToken);
        var (requestId, actorId, reason) = orders.Order("the balance was set");
        var available = MeterUnits.FromCredits(command.NewBalance.Value);
        var order = new AdjustmentOrder(requestId, actorId, account.Account, account.OpeningGrant, available)
        {
            Reason = reason,
            Once = once.Of(View),
        };
        return View(await BalanceFailures.TakeAsync(
            token => ledger.AdjustAsync(order, token), BalanceFailures.NotUpdated, cancellationToken));

        MonthlyBalance View(AccountBalance balance) => MonthlyBalance.Of(owner, account, balance);
    }

    /// <summary>There is no such account.</summary>
    public static Error UserNotFound(string id) =>
        new("user_not_found", ErrorKind.NotFound, $"Failed to update balance: User {id} not found") { Title = "Balance Update Error" };
}
