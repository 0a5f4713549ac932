data "modelarts_authorization" "this" {}

# Warns if ModelArts may not act for the user. If the user may not read the
# authorizations, authorized is null, and the check passes.
check "modelarts_may_act" {
  assert {
    condition     = data.modelarts_authorization.this.authorized != false
    error_message = "ModelArts may not act for the user ${coalesce(data.modelarts_authorization.this.user_id, "of the credentials")}: no notebook can be created."
  }
}
