package e2e_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/dynamicpb"

	"gonghui/app/e2e/stack"
	"gonghui/app/module"
	modulev1 "gonghui/app/module/v1"
	"gonghui/app/server"
	"gonghui/deploy/local"
	"gonghui/tenant/access"
)

// leaving reports whether a door ends the session that comes through it.
func leaving(r server.Route) bool {
	return strings.HasSuffix(r.Operation, "/SignOut") || strings.HasSuffix(r.Operation, "/WithdrawConsent")
}

// answers says what every door answers to who may use it on the own host, and to the nation's supervisor on the supervision
// host, when every id in the request is that of a row of another body. A door that is missing here fails the
// test: whoever adds one says what it gives away.
var answers = map[string]struct{ own, hq int }{
	"/app.identity.v1.IdentityService/SignIn":           {401, 401},
	"/app.identity.v1.IdentityService/SignOut":          {200, 200},
	"/app.identity.v1.IdentityService/GetMe":            {200, 200},
	"/app.identity.v1.IdentityService/ListSessions":     {200, 200},
	"/app.identity.v1.IdentityService/RevokeSession":    {404, 404},
	"/app.identity.v1.IdentityService/ChangePassword":   {400, 400},
	"/app.identity.v1.IdentityService/CreateHandoff":    {400, 400},
	"/app.identity.v1.IdentityService/CreateInvitation": {200, 404},
	"/app.identity.v1.IdentityService/ListInvitations":  {200, 404},
	"/app.identity.v1.IdentityService/RevokeInvitation": {404, 404},
	"/app.identity.v1.IdentityService/GetInvitation":    {400, 404},
	"/app.identity.v1.IdentityService/AcceptInvitation": {400, 404},

	"/app.identity.v1.PhoneService/SendCode":       {200, 200},
	"/app.identity.v1.PhoneService/SignInWithCode": {409, 409},
	"/app.identity.v1.PhoneService/ResetPassword":  {400, 400},

	"/app.identity.v1.AccountService/GetLegal":         {200, 200},
	"/app.identity.v1.AccountService/GiveConsent":      {409, 409},
	"/app.identity.v1.AccountService/ExportOwnAccount": {200, 200},
	"/app.identity.v1.AccountService/CloseAccount":     {400, 400},
	"/app.identity.v1.AccountService/KeepAccount":      {200, 200},
	"/app.identity.v1.AccountService/WithdrawConsent":  {200, 200},

	"/app.identity.v1.EntryService/OfferPlace":   {404, 404},
	"/app.identity.v1.EntryService/TakePlace":    {404, 404},
	"/app.identity.v1.EntryService/PhoneOfToken": {404, 404},
	"/app.identity.v1.EntryService/TellClaimant": {404, 404},
	"/app.identity.v1.EntryService/EndPlace":     {404, 404},

	"/app.identity.v1.PeopleService/ListPeople":        {404, 404},
	"/app.identity.v1.PeopleService/NameApps":          {404, 404},
	"/app.identity.v1.PeopleService/OfferOfficerPlace": {404, 404},

	"/tenant.access.v1.RoleService/ListCapabilities": {200, 404},
	"/tenant.access.v1.RoleService/ListRoles":        {200, 404},
	"/tenant.access.v1.RoleService/GetRole":          {404, 404},
	"/tenant.access.v1.RoleService/CreateRole":       {400, 404},
	"/tenant.access.v1.RoleService/UpdateRole":       {404, 404},
	"/tenant.access.v1.RoleService/DeleteRole":       {404, 404},
	"/tenant.access.v1.RoleService/CopyRole":         {404, 404},
	"/tenant.access.v1.RoleService/PublishTemplate":  {404, 404},
	"/tenant.access.v1.RoleService/GetPolicy":        {200, 404},
	"/tenant.access.v1.RoleService/SetSeparation":    {200, 404},

	"/tenant.access.v1.GrantService/ListGrants":        {200, 404},
	"/tenant.access.v1.GrantService/CreateGrant":       {400, 404},
	"/tenant.access.v1.GrantService/EndGrant":          {404, 404},
	"/tenant.access.v1.GrantService/ListSubjects":      {200, 404},
	"/tenant.access.v1.GrantService/ListGroups":        {200, 404},
	"/tenant.access.v1.GrantService/CreateGroup":       {200, 404},
	"/tenant.access.v1.GrantService/UpdateGroup":       {404, 404},
	"/tenant.access.v1.GrantService/DeleteGroup":       {404, 404},
	"/tenant.access.v1.GrantService/ListGroupMembers":  {404, 404},
	"/tenant.access.v1.GrantService/AddGroupMember":    {404, 404},
	"/tenant.access.v1.GrantService/RemoveGroupMember": {404, 404},
	"/tenant.access.v1.GrantService/ListSets":          {200, 404},
	"/tenant.access.v1.GrantService/CreateSet":         {404, 404},
	"/tenant.access.v1.GrantService/UpdateSet":         {404, 404},
	"/tenant.access.v1.GrantService/DeleteSet":         {404, 404},

	"/tenant.access.v1.ExplainService/Explain":    {404, 404},
	"/tenant.access.v1.ExplainService/ExplainOwn": {200, 200},

	"/app.member.v1.MemberService/ListMembers":       {200, 404},
	"/app.member.v1.MemberService/GetMember":         {404, 404},
	"/app.member.v1.MemberService/CreateMember":      {200, 404},
	"/app.member.v1.MemberService/UpdateMember":      {404, 404},
	"/app.member.v1.MemberService/EndMembership":     {404, 404},
	"/app.member.v1.MemberService/RestoreMembership": {404, 404},
	"/app.member.v1.MemberService/RevealMember":      {404, 404},
	"/app.member.v1.MemberService/ListMemberEvents":  {404, 404},
	"/app.member.v1.MemberService/GetOwnMember":      {404, 404},
	"/app.member.v1.MemberService/ExportOwn":         {404, 404},

	"/app.member.v1.RegistryService/CheckPerson":      {200, 404},
	"/app.member.v1.RegistryService/ListDuplicates":   {200, 404},
	"/app.member.v1.RegistryService/DismissDuplicate": {404, 404},
	"/app.member.v1.RegistryService/InviteMember":     {404, 404},
	"/app.member.v1.RegistryService/ClaimOwnMember":   {400, 404},

	"/app.member.v1.RequestService/CreateOwnRequest":   {404, 404},
	"/app.member.v1.RequestService/ListOwnRequests":    {404, 404},
	"/app.member.v1.RequestService/WithdrawOwnRequest": {404, 404},
	"/app.member.v1.RequestService/ListRequests":       {200, 404},
	"/app.member.v1.RequestService/DecideRequest":      {404, 404},

	"/app.member.v1.CardService/GetOwnCard": {404, 404},
	"/app.member.v1.CardService/VerifyCard": {200, 404},

	"/app.member.v1.ImportService/ListImports":    {200, 404},
	"/app.member.v1.ImportService/GetImport":      {404, 404},
	"/app.member.v1.ImportService/MapImport":      {404, 404},
	"/app.member.v1.ImportService/ListImportRows": {404, 404},
	"/app.member.v1.ImportService/CommitImport":   {404, 404},
	"/app.member.v1.ImportService/CancelImport":   {404, 404},
	"POST /v1/imports":                            {400, 404},
	"GET /v1/imports/{id}/corrections":            {404, 404},
	"GET /v1/imports:template":                    {200, 404},
	"POST /v1/members:export":                     {400, 404},

	"/app.org.v1.OrgService/GetProfile":        {200, 404},
	"/app.org.v1.OrgService/UpdateProfile":     {409, 404},
	"/app.org.v1.OrgService/ListDepts":         {200, 404},
	"/app.org.v1.OrgService/CreateDept":        {404, 404},
	"/app.org.v1.OrgService/UpdateDept":        {404, 404},
	"/app.org.v1.OrgService/DeleteDept":        {404, 404},
	"/app.org.v1.OrgService/ListPosts":         {200, 404},
	"/app.org.v1.OrgService/CreatePost":        {404, 404},
	"/app.org.v1.OrgService/UpdatePost":        {404, 404},
	"/app.org.v1.OrgService/DeletePost":        {404, 404},
	"/app.org.v1.OrgService/ListOfficers":      {200, 404},
	"/app.org.v1.OrgService/CreateOfficer":     {200, 404},
	"/app.org.v1.OrgService/UpdateOfficer":     {404, 404},
	"/app.org.v1.OrgService/CreateAppointment": {404, 404},
	"/app.org.v1.OrgService/EndAppointment":    {404, 404},
	"/app.org.v1.OrgService/HandOver":          {404, 404},
	"/app.org.v1.OrgService/HasDept":           {404, 404},
	"/app.org.v1.OrgService/InviteOfficer":     {404, 404},
	"/app.org.v1.OrgService/NamePosts":         {404, 404},

	"/branding.v1.BrandingService/GetTheme":             {200, 200},
	"/branding.v1.BrandingService/GetBranding":          {200, 404},
	"/branding.v1.BrandingService/SaveBrandingDraft":    {400, 404},
	"/branding.v1.BrandingService/DiscardBrandingDraft": {409, 404},
	"/branding.v1.BrandingService/PublishBranding":      {409, 404},
	"/branding.v1.BrandingService/ListBrandingVersions": {200, 404},
	"/branding.v1.BrandingService/RestoreBranding":      {404, 404},
	"/branding.v1.BrandingService/AddLogo":              {400, 404},
	"/branding.v1.BrandingService/PreviewBranding":      {200, 404},
	"/branding.v1.BrandingService/ExportBranding":       {200, 404},
	"/branding.v1.BrandingService/ImportBranding":       {400, 404},
	"/branding.v1.BrandingService/CopyBranding":         {404, 404},
	"/branding.v1.HostService/GetHosts":                 {200, 404},
	"/branding.v1.HostService/SetSlug":                  {400, 404},
	"/branding.v1.HostService/AddDomain":                {400, 404},
	"/branding.v1.HostService/VerifyDomain":             {404, 404},
	"/branding.v1.HostService/RemoveDomain":             {404, 404},
	"/branding.v1.HostService/ListDomains":              {404, 200},
	"GET /.well-known/gonghui.txt":                      {404, 404},
	"/branding.v1.BrandingService/GetLook":              {404, 404},
	"/branding.v1.BrandingService/DrawLogo":             {404, 404},
	"/branding.v1.LegalService/GetLegalInForce":         {404, 404},

	"/media.meeting.v1.MeetingService/ListMeetings":              {200, 404},
	"/media.meeting.v1.MeetingService/ListOwnMeetings":           {200, 404},
	"/media.meeting.v1.MeetingService/GetMeeting":                {404, 404},
	"/media.meeting.v1.MeetingService/CreateMeeting":             {400, 404},
	"/media.meeting.v1.MeetingService/UpdateMeeting":             {404, 404},
	"/media.meeting.v1.MeetingService/CancelMeeting":             {404, 404},
	"/media.meeting.v1.MeetingService/StartMeeting":              {404, 404},
	"/media.meeting.v1.MeetingService/EndMeeting":                {404, 404},
	"/media.meeting.v1.MeetingService/ListInvitable":             {200, 404},
	"/media.meeting.v1.MeetingService/JoinMeeting":               {404, 404},
	"/media.meeting.v1.MeetingService/FindMeeting":               {400, 404},
	"/media.meeting.v1.MeetingService/JoinAsGuest":               {403, 404},
	"/media.meeting.v1.MeetingService/CreatePass":                {200, 404},
	"/media.meeting.v1.MeetingService/ListMessages":              {404, 404},
	"/media.meeting.v1.MeetingService/DraftMinutes":              {404, 404},
	"/media.meeting.v1.MeetingService/GetMinutes":                {404, 404},
	"/media.meeting.v1.MeetingService/SaveMinutes":               {404, 404},
	"GET /v1/meetings/{id}/minutes.docx":                         {404, 404},
	"/media.meeting.v1.MeetingService/ListAttendance":            {404, 404},
	"/media.meeting.v1.MeetingService/ListVotes":                 {404, 404},
	"/media.meeting.v1.MeetingService/ListVoters":                {404, 404},
	"/media.meeting.v1.MeetingService/ListReceipts":              {404, 404},
	"/media.meeting.v1.MeetingService/SignPresent":               {404, 404},
	"POST /v1/meetings:cast":                                     {400, 404},
	"GET /v1/meetings/{id}/signal":                               {426, 404},
	"/media.meeting.v1.RecordingService/ListRecordings":          {200, 404},
	"/media.meeting.v1.RecordingService/ListMeetingRecordings":   {404, 404},
	"/media.meeting.v1.RecordingService/PlayRecording":           {404, 404},
	"/media.meeting.v1.RecordingService/UpdateRecording":         {404, 404},
	"/media.meeting.v1.RecordingService/RetryRecording":          {404, 404},
	"/media.meeting.v1.RecordingService/CancelRecording":         {404, 404},
	"/media.meeting.v1.RecordingService/DeleteRecording":         {404, 404},
	"/media.meeting.v1.RecordingService/ListConsents":            {404, 404},
	"/media.meeting.v1.RecordingService/GetRecordingSettings":    {200, 404},
	"/media.meeting.v1.RecordingService/UpdateRecordingSettings": {200, 404},
	"GET /v1/recordings/{id}/film":                               {403, 404},

	"/media.meeting.v1.PlanService/ListCalendar":         {200, 404},
	"/media.meeting.v1.PlanService/ListInvitableGroups":  {200, 404},
	"/media.meeting.v1.PlanService/AnswerMeeting":        {404, 404},
	"/media.meeting.v1.PlanService/ListAnswers":          {404, 404},
	"/media.meeting.v1.PlanService/CreateFeed":           {200, 404},
	"/media.meeting.v1.PlanService/EndFeed":              {200, 404},
	"GET /v1/meetings/{id}/invitation.ics":               {404, 404},
	"GET /v1/meetings/feed/{identity}/{secret}":          {404, 404},
	"/tenant.directory.v1.ReachService/NameBodies":       {404, 404},
	"/tenant.directory.v1.ReachService/ListBelow":        {404, 404},
	"/tenant.access.v1.GroupService/NameGroups":          {404, 404},
	"/tenant.access.v1.GroupService/ListGroupIdentities": {404, 404},

	"/app.org.v1.OrgService/HeldPosts": {404, 404},

	"/builder.v1.AppService/GetApp":          {200, 404},
	"/builder.v1.AppService/UpdateApp":       {200, 404},
	"/builder.v1.AppService/StartBuild":      {200, 404},
	"/builder.v1.AppService/ListBuilds":      {200, 404},
	"/builder.v1.AppService/GetBuild":        {404, 404},
	"/builder.v1.AppService/CancelBuild":     {404, 404},
	"/builder.v1.AppService/PublishBuild":    {404, 404},
	"/builder.v1.AppService/SetShare":        {404, 404},
	"/builder.v1.AppService/StopRelease":     {404, 404},
	"/builder.v1.AppService/ListReleases":    {200, 404},
	"/builder.v1.AppService/RollBack":        {404, 404},
	"/builder.v1.AppService/ListInstalls":    {200, 404},
	"/builder.v1.AppService/GetDownload":     {200, 404},
	"/builder.v1.FleetService/ListApps":      {404, 200},
	"/builder.v1.FleetService/StartRebuild":  {404, 200},
	"/builder.v1.FleetService/GetRebuild":    {404, 404},
	"/builder.v1.FleetService/ListRebuilds":  {404, 200},
	"/builder.v1.FleetService/CancelRebuild": {404, 404},
	"GET /v1/app/builds/{id}/log":            {404, 404},
	"GET /v1/app/builds/{id}/file":           {404, 404},
	"POST /v1/app/key:export":                {400, 404},
	"GET /.well-known/assetlinks.json":       {200, 404},
	"GET /app/android.apk":                   {404, 404},
	"GET /app/ios.mobileconfig":              {404, 404},
	"GET /app/update.json":                   {404, 404},

	"/tenant.audit.v1.AuditService/ListActs":     {404, 200},
	"/tenant.audit.v1.AuditService/GetAct":       {404, 404},
	"/tenant.audit.v1.AuditService/ListActNames": {200, 200},
	"/tenant.audit.v1.AuditService/ListOwnActs":  {200, 200},
	"/tenant.audit.v1.AuditService/GetTrail":     {200, 200},
	"/tenant.audit.v1.AuditService/StartCheck":   {400, 400},
	"/tenant.audit.v1.AuditService/GetCheck":     {404, 404},
	"/tenant.audit.v1.AuditService/ListChecks":   {200, 200},
	"/tenant.audit.v1.AuditService/ListParts":    {200, 200},
	"/tenant.audit.v1.AuditService/SetPolicy":    {200, 404},
	"POST /v1/audit/acts:export":                 {400, 404},

	// That a body exists, its name and its place are no secret; its figures are for those above it.
	"/tenant.directory.v1.DirectoryService/GetOwnBody":     {200, 404},
	"/tenant.directory.v1.DirectoryService/ListTree":       {200, 200},
	"/tenant.directory.v1.DirectoryService/GetBody":        {200, 200},
	"/tenant.directory.v1.DirectoryService/SearchBodies":   {200, 200},
	"/tenant.directory.v1.DirectoryService/CreateBody":     {404, 200},
	"/tenant.directory.v1.DirectoryService/MoveBody":       {404, 409},
	"/tenant.directory.v1.DirectoryService/ListBodyEvents": {404, 200},
	"/tenant.directory.v1.DirectoryService/ListModules":    {200, 404},
	"/tenant.directory.v1.DirectoryService/SwitchModule":   {200, 404},

	"/tenant.rollup.v1.RollupService/ListMetrics":      {200, 200},
	"/tenant.rollup.v1.RollupService/GetFigures":       {404, 200},
	"/tenant.rollup.v1.RollupService/ListChildFigures": {404, 200},

	"/app.identity.v1.EntryService/OpenAssistance":      {404, 404},
	"/app.member.v1.DetailService/ListForSupervision":   {404, 404},
	"/tenant.supervise.v1.AskService/CreateRequest":     {404, 400},
	"/tenant.supervise.v1.AskService/ListRequests":      {404, 200},
	"/tenant.supervise.v1.AskService/GetRequest":        {404, 404},
	"/tenant.supervise.v1.AskService/EndRequest":        {404, 404},
	"/tenant.supervise.v1.AskService/ListDetails":       {404, 404},
	"/tenant.supervise.v1.AskService/EnterBody":         {404, 404},
	"/tenant.supervise.v1.ConsentService/ListIncoming":  {200, 404},
	"/tenant.supervise.v1.ConsentService/DecideRequest": {404, 404},
	"/tenant.supervise.v1.ConsentService/EndIncoming":   {404, 404},
	"/tenant.supervise.v1.ConsentService/ListAccesses":  {200, 404},
	"/tenant.supervise.v1.ConsentService/ListRules":     {200, 404},
	"/tenant.supervise.v1.ConsentService/CreateRule":    {409, 404},
	"/tenant.supervise.v1.ConsentService/DeleteRule":    {404, 404},
	"/tenant.supervise.v1.ConsentService/LeaveBody":     {404, 404},

	"/app.identity.v1.ClientService/CreateClient":         {400, 404},
	"/app.identity.v1.ClientService/EndClient":            {404, 404},
	"/app.identity.v1.ClientService/GetClient":            {404, 404},
	"/app.identity.v1.ClientService/ListClients":          {200, 404},
	"/app.identity.v1.ClientService/ListSignIns":          {404, 404},
	"/app.identity.v1.ClientService/RotateSecret":         {404, 404},
	"/app.identity.v1.ClientService/UpdateClient":         {404, 404},
	"/app.identity.v1.ConsentService/DecideAuthorization": {404, 404},
	"/app.identity.v1.ConsentService/GetAuthorization":    {404, 404},
	"/app.identity.v1.ConsentService/ListOwnApps":         {200, 404},
	"/app.identity.v1.ConsentService/RevokeOwnApp":        {404, 404},
	"/app.identity.v1.DutyService/CheckDuty":              {404, 404},
	"/app.identity.v1.FactorService/AskOwnPasskey":        {400, 400},
	"/app.identity.v1.FactorService/ConfirmTotp":          {409, 409},
	"/app.identity.v1.FactorService/CreatePasskey":        {400, 400},
	"/app.identity.v1.FactorService/GetSecurity":          {200, 200},
	"/app.identity.v1.FactorService/ListPasskeys":         {200, 200},
	"/app.identity.v1.FactorService/ProveSelf":            {400, 400},
	"/app.identity.v1.FactorService/RemovePasskey":        {404, 404},
	"/app.identity.v1.FactorService/RemoveTotp":           {409, 409},
	"/app.identity.v1.FactorService/RenamePasskey":        {404, 404},
	"/app.identity.v1.FactorService/RenewRecoveryCodes":   {409, 409},
	"/app.identity.v1.FactorService/StartPasskey":         {200, 200},
	"/app.identity.v1.FactorService/StartTotp":            {200, 200},
	"/app.identity.v1.MergeService/AskMerge":              {404, 404},
	"/app.identity.v1.MergeService/ConfirmMerge":          {404, 404},
	"/app.identity.v1.MergeService/DropMerge":             {404, 404},
	"/app.identity.v1.MergeService/GetMerge":              {404, 404},
	"/app.identity.v1.MergeService/ListMerges":            {404, 404},
	"/app.identity.v1.MergeService/ProveMergePhone":       {404, 404},
	"/app.identity.v1.MergeService/SendMergeCode":         {404, 404},
	"/app.identity.v1.MergeService/UndoMerge":             {404, 404},
	"/app.identity.v1.PlaceService/EndHolderPlace":        {404, 404},
	"/app.identity.v1.PlaceService/EndHolderSessions":     {404, 404},
	"/app.identity.v1.PlaceService/GetDuties":             {200, 404},
	"/app.identity.v1.PlaceService/GetHolder":             {404, 404},
	"/app.identity.v1.PlaceService/ListHolders":           {200, 404},
	"/app.identity.v1.PlaceService/LockHolder":            {404, 404},
	"/app.identity.v1.PlaceService/ResetHolderFactor":     {404, 404},
	"/app.identity.v1.PlaceService/SendHolderCode":        {404, 404},
	"/app.identity.v1.PlaceService/UnlockHolder":          {404, 404},
	"/app.identity.v1.PolicyService/GetPolicy":            {200, 404},
	"/app.identity.v1.PolicyService/UpdatePolicy":         {409, 404},
	"/app.identity.v1.SignInService/AskPasskey":           {400, 400},
	"/app.identity.v1.SignInService/ContinueSignIn":       {400, 400},
	"/app.identity.v1.SignInService/GetSessionEnd":        {200, 200},
	"/app.identity.v1.SignInService/SignInWithPasskey":    {400, 400},
	"/app.identity.v1.SignInService/StartSetUp":           {400, 400},
	"/tenant.menu.v1.MenuService/GetMenu":                 {200, 404},
	"/tenant.menu.v1.MenuService/ListMenuVersions":        {200, 404},
	"/tenant.menu.v1.MenuService/PublishMenu":             {409, 404},
	"/tenant.menu.v1.MenuService/ResetMenu":               {409, 404},
	"/tenant.menu.v1.MenuService/RestoreMenu":             {404, 404},
	"/tenant.menu.v1.MenuService/SetMenu":                 {409, 404},
	"/tenant.menu.v1.MenuService/WithdrawMenu":            {200, 404},
	"GET /oidc/.well-known/openid-configuration":          {200, 404},
	"GET /oidc/authorize":                                 {400, 404},
	"GET /oidc/authorize/callback":                        {400, 404},
	"GET /oidc/continue":                                  {400, 404},
	"GET /oidc/end_session":                               {302, 404},
	"GET /oidc/keys":                                      {200, 404},
	"GET /oidc/userinfo":                                  {401, 404},
	"OPTIONS /oidc/.well-known/openid-configuration":      {204, 404},
	"OPTIONS /oidc/introspect":                            {204, 404},
	"OPTIONS /oidc/keys":                                  {204, 404},
	"OPTIONS /oidc/revoke":                                {204, 404},
	"OPTIONS /oidc/token":                                 {204, 404},
	"OPTIONS /oidc/userinfo":                              {204, 404},
	"POST /oidc/authorize":                                {400, 404},
	"POST /oidc/end_session":                              {302, 404},
	"POST /oidc/introspect":                               {401, 404},
	"POST /oidc/revoke":                                   {401, 404},
	"POST /oidc/token":                                    {400, 404},
	"POST /oidc/userinfo":                                 {401, 404},

	"GET /dev/inbox":            {200, 200},
	"GET /handoff":              {303, 303},
	"GET /icon-180.png":         {200, 404},
	"GET /icon-192.png":         {200, 404},
	"GET /icon-32.png":          {200, 404},
	"GET /icon-512.png":         {200, 404},
	"GET /icon-mono.png":        {200, 404},
	"GET /manifest.webmanifest": {200, 404},
	"GET /v1/demo/accounts":     {200, 200},
	"GET /v1/dev/messages":      {200, 200},
	"GET /v1/openapi.yaml":      {200, 200},
}

// holds reports whether one of the built-in roles holds a capability that a module declares.
func holds(capability, role string) bool {
	name, _, _ := strings.Cut(capability, ".")
	info := module.Named(name)
	return info != nil && info.Capability(capability) != nil && info.Capability(capability).HeldBy(role)
}

// caller is one way to come to a door.
type caller struct {
	name      string
	client    func() *stack.Client
	role      string // "" for who is nobody on the host
	hq        bool   // the host is that of supervision
	elsewhere bool   // the session is of another host: it finds nothing here
}

// want is what the door owes the caller: what is declared, on which kind of host it answers, and who holds what decide.
func (c caller) want(r server.Route) int {
	declared := answers[r.Operation]
	switch {
	case r.Operation == "POST /v1/meetings:cast" && c.elsewhere && !c.hq: // it does not look at who comes
	case r.Capability == access.Inner, c.elsewhere, c.hq && r.Realm == modulev1.Realm_REALM_TENANT, !c.hq && r.Realm == modulev1.Realm_REALM_SUPERVISION:
		return http.StatusNotFound
	case r.Capability == "public":
	case c.role == "":
		return http.StatusUnauthorized
	case r.Capability != "session" && !holds(r.Capability, c.role):
		return http.StatusForbidden
	}
	if c.hq {
		return declared.hq
	}
	return declared.own
}

// Every door × every way to come to it: the status is the one that is declared, and no answer holds a word of the other
// body's rows.
func TestEveryDoorFromEverySide(t *testing.T) {
	r := product(t)
	other := r.plant(t, sibling, "珊瑚")
	own := r.plant(t, county, "玳瑁")
	routes := doors(t)
	for _, route := range routes {
		if _, known := answers[route.Operation]; !known {
			t.Errorf("%s is new: say in the table what it answers", route.Operation)
		}
	}
	for operation := range answers {
		if !slices.ContainsFunc(routes, func(r server.Route) bool { return r.Operation == operation }) {
			t.Errorf("%s is in the table but does not exist", operation)
		}
	}
	if t.Failed() {
		return
	}
	r.walk(t, "own", caller{name: "an administrator at home", client: func() *stack.Client { return r.freshly(t, "admin", county) }, role: "admin"}, routes, other, other.marks)
	r.walk(t, "officer", caller{name: "an officer at home", client: func() *stack.Client { return r.freshly(t, "officer", county) }, role: "officer"}, routes, other, other.marks)
	r.walk(t, "member", caller{name: "a member at home", client: func() *stack.Client { return r.freshly(t, "member", county) }, role: "member"}, routes, other, other.marks)
	// The supervisor founds and moves bodies: this changes the directory, and no row of any tenant.
	everyone := append(slices.Clone(own.marks), other.marks...)
	tenants := []string{r.Prefix + "_t_" + county, r.Prefix + "_t_" + sibling}
	before := r.database(t, tenants...)
	r.walk(t, "supervisor", caller{name: "the nation's supervisor", client: func() *stack.Client { return r.freshly(t, "supervisor", nation) }, role: "supervisor", hq: true}, routes, other, everyone)
	r.settle(t)
	unchanged(t, before, r.database(t, tenants...))

	// What follows is nobody on the host, and changes nothing at all.
	r.signedIn(t, "supervisor", nation)
	before = r.database(t, append(tenants, "platform", "cell")...)
	for _, c := range []caller{
		{name: "a foreign session", client: func() *stack.Client { return r.signedIn(t, "admin", county).As(sibling) }, elsewhere: true},
		{name: "a supervision session on a body's host", client: func() *stack.Client { return r.signedIn(t, "supervisor", nation).As(sibling) }, elsewhere: true},
		{name: "a body's session on the supervision host", client: func() *stack.Client { return r.signedIn(t, "admin", county).As("hq") }, hq: true, elsewhere: true},
		{name: "no session", client: func() *stack.Client { return r.Client(sibling) }},
		{name: "no session on the supervision host", client: func() *stack.Client { return r.Client("hq") }, hq: true},
	} {
		r.walk(t, c.name, c, routes, other, everyone)
	}
	unchanged(t, before, r.database(t, append(tenants, "platform", "cell")...))
}

// walk tries every door once as one caller, over HTTP and over gRPC.
func (r *run) walk(t *testing.T, name string, c caller, routes []server.Route, other planted, marks []string) {
	t.Run(name, func(t *testing.T) {
		s := sample{ids: other.ids, code: other.code}
		client := c.client()
		client.Source = address()
		keep := client.Token()
		for _, route := range routes {
			q := s.request(t, route)
			if leaving(route) && c.role != "" {
				continue // it works, and is the last thing this session does
			}
			client.SetToken(keep)
			client.Source = address() // failures to sign in are counted by address
			got, raw, err := client.Do(q.method, q.target(), q.raw())
			if err != nil {
				t.Fatalf("%s: %v", route.Operation, err)
			}
			if want := c.want(route); got != want {
				t.Errorf("%s, %s: %d, want %d: %s", c.name, route.Operation, got, want, short(string(raw)))
			}
			if m := leaked(raw, marks); m != "" {
				t.Errorf("%s, %s: the answer holds %q of another body", c.name, route.Operation, m)
			}
		}
		client.SetToken(keep)
		r.walkGRPC(t, c, client, routes, s, marks)
		if c.role != "" {
			client.Must(t, "POST", "/v1/session:signOut", map[string]any{}, nil)
		}
	})
}

// grpcCode is what an HTTP status becomes over gRPC.
var grpcCode = map[int][]codes.Code{
	200: {codes.OK}, 400: {codes.InvalidArgument}, 401: {codes.Unauthenticated}, 403: {codes.PermissionDenied},
	404: {codes.NotFound}, 409: {codes.Aborted, codes.AlreadyExists, codes.FailedPrecondition},
}

func (r *run) walkGRPC(t *testing.T, c caller, client *stack.Client, routes []server.Route, s sample, marks []string) {
	shared := dialGRPC(t, client.Host, client.Source)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+client.Token())
	for _, route := range routes {
		if route.Input == nil || leaving(route) || strings.HasSuffix(route.Operation, "/ConfirmTotp") {
			continue // over HTTP an app was set up meanwhile: there is something to confirm by now
		}
		conn := shared
		if route.Capability == access.Public {
			conn = dialGRPC(t, client.Host, address())
		}
		out := dynamicpb.NewMessage(output(t, route))
		err := conn.Invoke(ctx, route.Operation, s.message(t, route.Input), out)
		if got, want := status.Code(err), c.want(route); !slices.Contains(grpcCode[want], got) {
			t.Errorf("%s, %s over gRPC: %s (%v), want %d", c.name, route.Operation, got, err, want)
		}
		raw, merr := protojson.Marshal(out)
		if merr != nil {
			t.Fatal(merr)
		}
		if m := leaked(append(raw, fmt.Sprint(err)...), marks); m != "" {
			t.Errorf("%s, %s over gRPC: the answer holds %q of another body", c.name, route.Operation, m)
		}
	}
}

// dialGRPC connects to the host from a loopback address.
func dialGRPC(t *testing.T, host, source string) *grpc.ClientConn {
	t.Helper()
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(source)}}
	conn, err := grpc.NewClient(grpcAddr(), grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithAuthority(host),
		grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) { return dialer.DialContext(ctx, "tcp", addr) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// grpcAddr is where the shared product serves gRPC.
var grpcAddr = func() func() string {
	port, err := local.FreePort(0)
	return func() string {
		if err != nil {
			panic(err)
		}
		return fmt.Sprintf("127.0.0.1:%d", port)
	}
}()

// wire sends bytes as they are and returns what comes back, up to 64 KiB; "" when the server hung up without a word.
func (r *run) wire(t *testing.T, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", r.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	_, _ = conn.Write([]byte(request)) // the server may hang up before it has read all
	buf := make([]byte, 64<<10)
	n := 0
	for n < len(buf) {
		m, err := conn.Read(buf[n:])
		n += m
		if err != nil {
			break
		}
	}
	return string(buf[:n])
}

func statusOf(answer string) int {
	var code int
	if _, err := fmt.Sscanf(answer, "HTTP/1.1 %d", &code); err != nil {
		return 0
	}
	return code
}

// A session of one body and a host name of any form: data comes only of the own body, and only on a name that means it.
func TestHostHeaders(t *testing.T) {
	r := product(t)
	own, other := r.plant(t, county, "象牙"), r.plant(t, sibling, "犀角")
	session := r.signedIn(t, "admin", county).Token()
	rnd := random(t, 1)
	base, port, _ := strings.Cut(r.Base, ":")
	hosts := []string{
		"", " ", ".", "..", base, r.Base, "." + r.Base, ".." + r.Base, "hq." + r.Base, "HQ." + r.Base, "localhost", "127.0.0.1", r.Addr, "[::1]", "[::1]:" + port, "[" + county + "]." + r.Base,
		county, county + ":" + port, county + "." + base + ".:" + port, county + "." + base + ".", county + ".." + r.Base, "www." + county + "." + r.Base,
		county + "." + sibling + "." + r.Base, sibling + "." + county + "." + r.Base, county + "." + r.Base + "." + sibling + "." + r.Base,
		strings.ToUpper(county + "." + r.Base), "  " + county + "." + r.Base, county + "." + r.Base + "/", county + "." + r.Base + "@" + sibling + "." + r.Base,
		sibling + "." + r.Base + "@" + county + "." + r.Base, county + "%2e" + r.Base, sibling + "\x00." + r.Base, county + "\x00" + sibling + "." + r.Base,
		county + "." + r.Base + ":1", county + "." + base + ":99999", county + "." + base + ":-1", county + "." + base + ":", county + "." + base + ":" + port + ":" + port,
		"４４０１０３." + r.Base, "440103。" + r.Base, "440１03." + r.Base, "xn--440103-." + r.Base, county + "\u200b." + r.Base, "中国." + r.Base, sibling + "\u202e." + r.Base,
		sibling + "." + r.Base, strings.ToUpper(sibling + "." + r.Base), sibling + "." + base, sibling + "." + base + ":1", sibling + "." + base + ".", county + "," + sibling + "." + r.Base,
		"'; drop schema gh_t_" + sibling + " cascade; --." + r.Base, "../../" + sibling + "." + r.Base, "${jndi}." + r.Base, county + " ." + r.Base, "000000." + r.Base, "a." + r.Base,
		strings.Repeat("a", 24) + "." + r.Base, strings.Repeat("a", 25) + "." + r.Base, strings.Repeat("a", 300) + "." + r.Base, strings.Repeat("a.", 4000) + r.Base, strings.Repeat("4", 60000),
		county + "." + r.Base + "\r\nX-Forwarded-Host: " + sibling + "." + r.Base, county + "." + r.Base + "\r\nHost: " + sibling + "." + r.Base,
		sibling + "." + r.Base + "\r\nX-Forwarded-Host: " + county + "." + r.Base, sibling + "." + r.Base + "\r\nX-Host: " + county + "." + r.Base + "\r\nForwarded: host=" + county + "." + r.Base,
	}
	alphabet := []rune("0134.:-_@/\\%ahqAHQ[]{}\t \u200d。４é💥")
	for range 300 {
		host := []rune(county + "." + r.Base)
		for range 1 + rnd.IntN(3) {
			at, c := rnd.IntN(len(host)), alphabet[rnd.IntN(len(alphabet))]
			if rnd.IntN(2) == 0 {
				host[at] = c
			} else {
				host = append(host[:at], append([]rune{c}, host[at:]...)...)
			}
		}
		hosts = append(hosts, string(host))
	}
	count := map[int]int{}
	for _, host := range hosts {
		for _, path := range []string{"/v1/members", "/v1/members/" + other.ids["member"], "/v1/officers", "/v1/profile"} {
			answer := r.wire(t, fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\nConnection: close\r\n\r\n", path, host, module.Cookie, session))
			code := statusOf(answer)
			count[code]++
			if code >= 500 || code == 0 && answer != "" {
				t.Errorf("host %q: %s", short(host), short(answer))
			}
			if m := leaked([]byte(answer), other.marks); m != "" {
				t.Errorf("host %q tells %q of another body", short(host), m)
			}
			meant := strings.HasPrefix(strings.ToLower(strings.TrimSpace(host)), county+"."+base)
			if m := leaked([]byte(answer), own.marks); m != "" && !meant {
				t.Errorf("host %q tells %q", short(host), m)
			}
		}
	}
	t.Logf("%d hosts, answers by status: %v", len(hosts), count)
	if answer := r.wire(t, fmt.Sprintf("GET /v1/members HTTP/1.1\r\nHost: %s.%s\r\nCookie: %s=%s\r\nConnection: close\r\n\r\n", county, r.Base, module.Cookie, session)); leaked([]byte(answer), own.marks) == "" {
		t.Errorf("the right host tells nothing: %s", short(answer))
	}
}

// Tokens that nearly are somebody's are nobody's.
func TestSessionTokens(t *testing.T) {
	r := product(t)
	other := r.plant(t, sibling, "玛瑙")
	good := r.signedIn(t, "admin", sibling).Token()
	rnd := random(t, 2)
	raw, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	tokens := []string{
		"", " ", "x", "null", "undefined", "0", "' or '1'='1", "%00", good + good, good + "=", good + "A", " " + good + "x", strings.ToLower(good), strings.ToUpper(good), good[1:], good[:len(good)-1],
		base64.StdEncoding.EncodeToString(raw) + "=", base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString([]byte(good)), fmt.Sprintf("%x", raw),
		strings.Repeat("A", 4000), strings.Repeat("A", 30000), strings.Repeat("A", 200000), "💥", "../../etc/passwd", "\x01\x02", "{\"sub\":\"admin\"}", good + "; " + module.Cookie + "=x" + good,
	}
	for bit := range len(raw) * 8 {
		flipped := slices.Clone(raw)
		flipped[bit/8] ^= 1 << (bit % 8)
		tokens = append(tokens, base64.RawURLEncoding.EncodeToString(flipped))
	}
	for n := range len(good) {
		tokens = append(tokens, good[:n])
	}
	for range 200 {
		b := []byte(good)
		b[rnd.IntN(len(b))] = byte(0x21 + rnd.IntN(0x5e))
		if string(b) != good {
			tokens = append(tokens, string(b))
		}
	}
	count := map[int]int{}
	for _, token := range tokens {
		if strings.TrimSpace(token) == good || strings.HasPrefix(token, good+";") {
			continue
		}
		answer := r.wire(t, fmt.Sprintf("GET /v1/members HTTP/1.1\r\nHost: %s.%s\r\nCookie: %s=%s\r\nConnection: close\r\n\r\n", sibling, r.Base, module.Cookie, token))
		code := statusOf(answer)
		count[code]++
		if code != http.StatusUnauthorized && code != http.StatusRequestHeaderFieldsTooLarge && code != http.StatusBadRequest {
			t.Errorf("token %q: %d %s", short(token), code, short(answer))
		}
		if m := leaked([]byte(answer), other.marks); m != "" {
			t.Errorf("token %q is told %q", short(token), m)
		}
	}
	t.Logf("%d tokens, answers by status: %v", len(tokens), count)
	for _, token := range []string{
		r.signedIn(t, "admin", county).Token(), r.signedIn(t, "supervisor", nation).Token(), r.signedIn(t, "supervisor", city).Token(),
		r.signedIn(t, "admin", city).Token(), r.signedIn(t, "member", county).Token(),
	} {
		answer := r.wire(t, fmt.Sprintf("GET /v1/members HTTP/1.1\r\nHost: %s.%s\r\nCookie: %s=%s\r\nConnection: close\r\n\r\n", sibling, r.Base, module.Cookie, token))
		if m := leaked([]byte(answer), other.marks); m != "" || statusOf(answer) != http.StatusNotFound {
			t.Errorf("a session of another host: %s", short(answer))
		}
	}
	// The right one in the wrong places opens nothing either.
	for _, headers := range []string{"Authorization: Bearer " + good, "Cookie: gonghui=" + good, "Cookie: " + strings.ToLower(module.Cookie) + "x=" + good, "X-Session: " + good} {
		answer := r.wire(t, fmt.Sprintf("GET /v1/members?token=%s HTTP/1.1\r\nHost: %s.%s\r\n%s\r\nConnection: close\r\n\r\n", good, sibling, r.Base, headers))
		if statusOf(answer) != http.StatusUnauthorized {
			t.Errorf("%s: %s", headers, short(answer))
		}
	}
	if answer := r.wire(t, fmt.Sprintf("GET /v1/members HTTP/1.1\r\nHost: %s.%s\r\nCookie: %s=%s\r\nConnection: close\r\n\r\n", sibling, r.Base, module.Cookie, good)); leaked([]byte(answer), other.marks) == "" {
		t.Errorf("the right token is told nothing: %s", short(answer))
	}
}
