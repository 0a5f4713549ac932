# A warning where it is known that ModelArts may not act for the user. Where the user may not read that,
# authorized is null, and there is none.
check "modelarts_may_act" {
  data "modelarts_authorization" "this" {}

  assert {
    condition     = data.modelarts_authorization.this.authorized != false
    error_message = "ModelArts may not act for the user ${coalesce(data.modelarts_authorization.this.user_id, "of the credentials")}: no notebook can be created."
  }
}
